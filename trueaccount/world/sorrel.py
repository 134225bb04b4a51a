"""Sorrel Castings: its customers, its last six months and three calls. Nothing here is drawn."""

from datetime import date

from trueaccount.world.tables import SorrelCall, SorrelCustomer, SorrelMonth

# Revenue, variable cost and fixed cost, January to June 2026; cash at the end of June.
RESULTS = (
    (76_310, 82_460, 52_180),
    (72_840, 79_730, 51_940),
    (69_120, 76_280, 51_620),
    (71_950, 78_910, 52_310),
    (69_640, 76_870, 52_050),
    (66_140, 73_750, 51_900),
)
CASH = 236_000


def months() -> list[SorrelMonth]:
    """The six months; cash falls by what each month's revenue does not cover."""
    rows: list[SorrelMonth] = []
    cash = CASH
    for n, (revenue, variable, fixed) in reversed(list(enumerate(RESULTS, 1))):
        rows.append(SorrelMonth(date(2026, n, 1), revenue, variable, fixed, cash))
        cash += variable + fixed - revenue
    return rows[::-1]


# Last order; revenue of the last 12 months, best year; contribution; payment; typical order;
# next order, its contribution, weeks to a decision; what is known. As of 30 June 2026.
LEDGER = [
    SorrelCustomer("K01", "Ganter Rail Components", "brake hangers", date(2024, 11, 18),
        0, 1_460_000, 17, "60 days, punctual", 210_000, 480_000, 21, 26,
        "Half of our sales once. Gave the work to a foundry abroad; the next tender is in winter."),
    SorrelCustomer("K02", "Hofer Bakery Ovens", "oven door frames", date(2026, 6, 9),
        38_000, 61_000, 6, "14 days, always early", 6_500, 14_000, 12, 1,
        "Its owner went to school with Mira and orders what he can. Oven sales are flat."),
    SorrelCustomer("K03", "Atelier Lacombe", "bells and small sculpture", date(2026, 5, 27),
        19_000, 27_000, 54, "on delivery", 3_200, 9_000, 56, 2,
        "Pays any price for a clean surface. Three people; they cast what a church or town asks."),
    SorrelCustomer("K04", "Deverell Tractors", "axle housings", date(2026, 6, 16),
        186_000, 540_000, -19, "45 days, punctual", 31_000, 62_000, -14, 3,
        "Largest buyer at present. Price fixed in 2023, before scrap iron and power went up."),
    SorrelCustomer("K05", "Hollin Pumps", "pump housings", date(2025, 12, 4),
        71_000, 330_000, 14, "30 days, punctual", 24_000, 345_000, 38, 4,
        "Their second foundry closed in April. The technical buyer asked what we could take over."),
    SorrelCustomer("K06", "Marsten Valves", "valve bodies", date(2026, 6, 2),
        94_000, 250_000, -11, "60 days, often 75", 15_000, 48_000, -4, 4,
        "Steady small lots, many patterns, much rework. They know that we need them."),
    SorrelCustomer("K07", "Corvane Wind Service", "hub covers", date(2025, 3, 20),
        0, 410_000, 24, "60 days, punctual", 95_000, 390_000, 34, 14,
        "Overhaul of an older wind park is planned. Approval of a new foundry takes a quarter."),
    SorrelCustomer("K08", "Varley Brake & Filter", "fixtures and brackets", date(2025, 9, 30),
        46_000, 118_000, 22, "30 days, punctual", 11_000, 312_000, 42, 5,
        "Set its presses up anew over the winter. Asked in May about a complete set of brackets."),
    SorrelCustomer("K09", "Brightwater Council", "manhole frames", date(2026, 4, 14),
        52_000, 140_000, -8, "60 days, punctual", 26_000, 130_000, 9, 18,
        "Buys by yearly tender, lowest price. The next one is decided in November."),
    SorrelCustomer("K10", "Nordlake Sawmills", "saw guides", date(2026, 5, 12),
        33_000, 58_000, 19, "30 days, punctual", 8_000, 22_000, 23, 2,
        "Wear parts, ordered by telephone. Would stock more if we kept the price for a year."),
    SorrelCustomer("K11", "Petrosk Compressors", "cylinder blanks", date(2025, 8, 26),
        61_000, 380_000, 9, "90 days, often 110", 42_000, 290_000, 26, 13,
        "Likes our metal. Group purchasing decides now, and meets once a quarter."),
    SorrelCustomer("K12", "Askeland Stoves", "stove plates", date(2026, 6, 11),
        44_000, 96_000, 3, "30 days, punctual", 9_500, 58_000, 17, 3,
        "Season starts in August. Would order for the whole winter if delivered by September."),
    SorrelCustomer("K13", "Fanum Machine Tools", "machine beds", date(2024, 6, 5),
        0, 690_000, 28, "60 days, punctual", 120_000, 360_000, 33, 22,
        "Order intake halved last year. Their owner hopes for spring."),
    SorrelCustomer("K14", "Tarnby Lifts", "counterweights", date(2025, 10, 23),
        58_000, 205_000, 11, "45 days, punctual", 19_000, 330_000, 39, 6,
        "Will modernise 160 lifts for a housing company. Wants one foundry for all of it."),
    SorrelCustomer("K15", "Oakhurst Gates", "hinges and finials", date(2026, 6, 18),
        27_000, 35_000, 31, "on delivery", 2_400, 7_000, 33, 1,
        "Friendly, quick, small. Sends drawings by post."),
    SorrelCustomer("K16", "Sable Mining Supply", "crusher jaws", date(2026, 3, 3),
        77_000, 310_000, -22, "60 days, often 90", 38_000, 84_000, -9, 3,
        "Wants more every week. The alloy eats our furnace lining."),
    SorrelCustomer("K17", "Quillan Hydraulics", "manifold blocks", date(2026, 2, 10),
        41_000, 170_000, 13, "45 days, punctual", 14_000, 92_000, 29, 5,
        "New press series. They would start with one size and see."),
    SorrelCustomer("K18", "Bastion Street Furniture", "bench ends", date(2026, 5, 20),
        36_000, 88_000, 8, "45 days, punctual", 12_000, 41_000, 15, 4,
        "Two towns have ordered benches; the third decides after the holidays."),
    SorrelCustomer("K19", "Elverum Ship Repair", "propeller hubs", date(2025, 6, 17),
        0, 225_000, 35, "half with the order", 75_000, 210_000, 36, 10,
        "One hull is in the dock, one is expected. The insurer signs, not the yard."),
    SorrelCustomer("K20", "Roper Textile Machines", "side frames", date(2023, 10, 11),
        0, 520_000, 20, "60 days, punctual", 64_000, 150_000, 24, 30,
        "Moved assembly to its sister plant. The old buyer has retired."),
    SorrelCustomer("K21", "Carrow Fitness", "kettlebells", date(2026, 6, 4),
        68_000, 160_000, -16, "30 days, punctual", 17_000, 70_000, -6, 2,
        "Web shop. Compares us with imports each month, by the kilogram."),
    SorrelCustomer("K22", "Mirande Vineyards", "press screws", date(2025, 7, 8),
        15_000, 32_000, 26, "30 days, punctual", 7_500, 16_000, 28, 2,
        "Orders before the harvest, then not for a year."),
    SorrelCustomer("K23", "Tessel Energy", "boiler grates", date(2025, 11, 13),
        29_000, 190_000, 18, "60 days, punctual", 29_000, 175_000, 31, 9,
        "Two boilers to re-line next summer. Budget round is in September."),
    SorrelCustomer("K24", "Avonlea Bus Works", "pedal arms", date(2026, 4, 29),
        23_000, 74_000, 5, "45 days, often 60", 8_000, 34_000, 14, 6,
        "Small series for older buses. The drawing office is one man, on leave in July."),
]  # fmt: skip

CALLS = [
    SorrelCall("T1", "K05", date(2026, 7, 6), "the technical buyer", "running", 345_000,
        11, 0, 30,
        "Glad that I rang. The housings are as good as ours, he says: 345 thousand in the first "
        "year, then on and on. New foundries go to their board, which sits again in eleven weeks. "
        "Samples after that. They pay two months after delivery and make no exceptions. He asked "
        "twice how we are. I think he has heard something."),
    SorrelCall("T2", "K08", date(2026, 7, 7), "Rosa Lindgren, purchasing", "one-off", 312_000,
        2, 50, 2,
        "She was standing next to a press and I could hardly hear her. The brackets crack; the "
        "firm that made them has put off the new ones twice. One full set and one in reserve, "
        "312 thousand, and then nothing more that she can see. She signs such a thing herself, "
        "within two weeks, and half the money goes out with the order. First she wanted to know "
        "what became of the crate with the wrong bore last September. I had no answer. I ring "
        "her tomorrow."),
    SorrelCall("T3", "K14", date(2026, 7, 8), "the project manager", "running", 330_000,
        6, 0, 26,
        "A nice man, and a big job: counterweights for 160 lifts, 330 thousand over a year and a "
        "half, and a second housing company after that. He can decide in six weeks. Work starts "
        "when the tenants have been told, late in the autumn; each lift is invoiced when it runs, "
        "and paid after 45 days. No advance: their bank looks at every payment."),
]  # fmt: skip

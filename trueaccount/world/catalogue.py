"""What Varley makes: parts, prices, the lead times it quotes and those it needs."""

from dataclasses import dataclass
from datetime import date

from trueaccount.world.dice import Dice
from trueaccount.world.tables import LeadTime, PriceFileEntry, Sku
from trueaccount.world.workdays import MONTHS

MOVED_ON = date(2026, 1, 1)  # the year-end closing was used to move Press 2's work to Press 4
ISSUES = [date(2024, 1, 1), date(2024, 7, 1), date(2025, 1, 1), date(2025, 7, 1), date(2026, 1, 1)]
YEARLY_RISE = {2024: 1.0, 2025: 1.02, 2026: 1.04}
# What steel, paper and power did to the cost of a part, by quarter: up and down, no trend.
MATERIAL = (0.992, 1.004, 1.009, 0.996, 1.001, 1.010, 0.993, 0.997, 1.008, 0.995)


@dataclass(frozen=True, slots=True)
class Family:
    """Parts that share a name, a carton and a place where they are made."""

    code: str
    category: str
    name: str
    pack: int
    made_on: tuple[str, ...]
    quoted: int
    needed: int
    season: tuple[int, ...]  # demand by month, 100 is an average month
    sizes: str  # description, list price in euro and weight in kg, one part per line


PADS = Family(
    "BP", "brake pads", "Brake pad set", 10, ("Press 1", "Press 2", "Press 3"), 10, 9,
    (104, 100, 110, 108, 98, 92, 90, 88, 98, 108, 112, 92),
    """front, 131 x 58 x 17.5 mm; 24.90; 1.7
    front, 119 x 54 x 18.0 mm; 22.40; 1.5
    front, 156 x 66 x 20.3 mm; 33.80; 2.3
    rear, 95 x 44 x 15.0 mm; 18.60; 1.0
    rear, 105 x 56 x 17.0 mm; 20.90; 1.2
    front, 141 x 61 x 19.5 mm; 27.50; 1.9
    front, 151 x 63 x 19.0 mm; 29.90; 2.1
    front, 116 x 52 x 17.7 mm; 21.20; 1.4
    rear, 123 x 53 x 16.8 mm; 21.80; 1.3
    front, 146 x 70 x 19.8 mm; 31.60; 2.2
    rear, 87 x 53 x 16.0 mm; 17.90; 1.0
    front, 130 x 52 x 18.2 mm; 23.70; 1.6
    front, van, 164 x 67 x 20.0 mm; 38.40; 2.6
    rear, 109 x 42 x 15.5 mm; 19.40; 1.1
    front, 137 x 69 x 18.8 mm; 28.20; 2.0
    front, 155 x 72 x 20.3 mm; 34.90; 2.4
    rear, van, 137 x 58 x 17.0 mm; 27.80; 1.8
    front, 122 x 60 x 19.3 mm; 25.40; 1.7
    rear, 99 x 47 x 15.2 mm; 18.90; 1.1
    front, 148 x 58 x 18.0 mm; 28.80; 1.9
    front, 133 x 63 x 18.4 mm; 26.10; 1.8
    rear, 116 x 59 x 16.2 mm; 22.70; 1.3
    front, 187 x 74 x 18.6 mm; 41.30; 2.7
    front, 125 x 55 x 17.2 mm; 23.10; 1.5
    rear, 123 x 46 x 15.8 mm; 20.30; 1.2
    front, 161 x 65 x 19.2 mm; 32.70; 2.2
    front, 143 x 55 x 17.5 mm; 26.80; 1.8
    rear, 130 x 58 x 16.5 mm; 24.20; 1.5""",
)  # fmt: skip
DISCS = Family(
    "BD", "brake discs", "Brake disc", 4, ("Disc cell",), 12, 10,
    (106, 102, 110, 108, 98, 90, 88, 86, 98, 108, 112, 94),
    """solid, 236 x 11 mm, 4 holes; 19.80; 3.6
    solid, 247 x 9 mm, 4 holes; 20.60; 3.4
    vented, 256 x 22 mm, 5 holes; 29.40; 5.6
    vented, 266 x 22 mm, 4 holes; 30.80; 5.9
    solid, 272 x 10 mm, 5 holes; 24.90; 4.6
    vented, 280 x 22 mm, 5 holes; 33.70; 6.5
    vented, 283 x 26 mm, 4 holes; 36.20; 7.1
    vented, 288 x 25 mm, 5 holes; 37.50; 7.4
    solid, 255 x 10 mm, 5 holes; 22.80; 4.1
    vented, 300 x 24 mm, 5 holes; 41.60; 7.9
    vented, 312 x 25 mm, 5 holes; 46.90; 8.8
    solid, 286 x 12 mm, 5 holes; 28.40; 5.4
    vented, 302 x 28 mm, 5 holes; 44.30; 8.6
    vented, 320 x 30 mm, 5 holes; 54.20; 10.4
    vented, van, 305 x 28 mm, 5 holes; 49.70; 10.1
    solid, van, 294 x 16 mm, 5 holes; 39.60; 7.8""",
)  # fmt: skip
DRUMS = Family(
    "DS", "drums and shoes", "", 4, ("Drum cell",), 12, 10,
    (104, 100, 106, 106, 100, 96, 92, 90, 98, 104, 108, 96),
    """Brake drum, 180 x 30 mm, 4 holes; 24.60; 4.2
    Brake drum, 203 x 38 mm, 4 holes; 28.90; 5.1
    Brake drum, 228 x 42 mm, 4 holes; 35.40; 6.6
    Brake drum, van, 254 x 58 mm, 5 holes; 58.70; 10.9
    Brake shoe kit, 180 x 32 mm; 27.30; 1.9
    Brake shoe kit, 203 x 39 mm; 31.80; 2.2
    Brake shoe kit, 228 x 40 mm; 36.50; 2.7
    Parking brake shoe set, 185 x 24 mm; 21.40; 1.1""",
)  # fmt: skip
OIL = Family(
    "OF", "oil filters", "Oil filter", 12, ("Filter line A",), 8, 6,
    (98, 96, 104, 104, 102, 100, 98, 94, 100, 104, 104, 96),
    """spin-on, M20 x 1.5, 76 x 79 mm; 5.20; 0.35
    spin-on, 3/4-16, 76 x 123 mm; 6.10; 0.48
    spin-on, M22 x 1.5, 66 x 93 mm; 5.60; 0.38
    spin-on, M18 x 1.5, 65 x 75 mm; 4.90; 0.30
    spin-on, van, M27 x 2, 93 x 142 mm; 9.80; 0.76
    insert, 64 x 103 mm; 5.90; 0.14
    insert, 57 x 115 mm; 6.40; 0.15
    insert, 72 x 154 mm; 7.70; 0.21
    insert, 83 x 141 mm; 8.30; 0.24
    insert, 65 x 141 mm; 7.10; 0.19""",
)  # fmt: skip
AIR = Family(
    "AF", "air filters", "Air filter", 10, ("Filter line A", "Filter line B"), 8, 6,
    (94, 94, 102, 108, 106, 104, 102, 96, 102, 100, 98, 94),
    """panel, 292 x 196 x 42 mm; 9.40; 0.36
    panel, 345 x 136 x 70 mm; 11.20; 0.44
    panel, 255 x 180 x 57 mm; 9.90; 0.35
    panel, 370 x 172 x 50 mm; 12.60; 0.47
    round, 163 x 287 mm; 17.80; 0.92
    round, van, 178 x 330 mm; 22.30; 1.20
    panel, 310 x 205 x 48 mm; 10.80; 0.40
    panel, 274 x 222 x 58 mm; 11.70; 0.45
    panel, 282 x 128 x 60 mm; 9.10; 0.33
    panel, 408 x 170 x 58 mm; 13.40; 0.55""",
)  # fmt: skip
CABIN = Family(
    "CF", "cabin filters", "Cabin filter", 10, ("Filter line B",), 8, 6,
    (76, 84, 118, 136, 128, 112, 98, 90, 96, 94, 88, 80),
    """particle, 240 x 190 x 35 mm; 8.20; 0.18
    particle, 288 x 215 x 30 mm; 9.60; 0.22
    particle, 344 x 101 x 26 mm; 7.90; 0.16
    carbon, 240 x 190 x 35 mm; 12.40; 0.29
    carbon, 288 x 215 x 30 mm; 14.10; 0.36
    carbon, 254 x 224 x 36 mm; 14.80; 0.37
    carbon, 206 x 181 x 25 mm; 11.60; 0.24
    carbon, 310 x 180 x 28 mm; 13.70; 0.31""",
)  # fmt: skip
WIPERS = Family(
    "WB", "wiper blades", "Wiper blade", 20, ("Assembly",), 6, 4,
    (120, 112, 96, 86, 80, 78, 80, 90, 108, 124, 122, 104),
    """flat, 400 mm; 6.90; 0.16
    flat, 450 mm; 7.30; 0.18
    flat, 530 mm; 8.20; 0.21
    flat, 600 mm; 9.10; 0.24
    flat, 650 mm; 9.80; 0.26
    rear, 300 mm; 5.80; 0.11
    rear, 350 mm; 6.20; 0.13
    bracket, 550 mm; 6.40; 0.25""",
)  # fmt: skip
FAMILIES = (PADS, DISCS, DRUMS, OIL, AIR, CABIN, WIPERS)


@dataclass(frozen=True, slots=True)
class Part:
    """A SKU with all that the rest of the program wants to know about it."""

    sku: Sku
    family: Family
    made_on: str
    list_cents: int
    cost_share: float  # of the list price
    quoted: tuple[int, ...]  # lead time, one per issue of the price file
    needed: tuple[float, ...]  # lead time, one per month
    demand: float

    @property
    def moves(self) -> bool:
        """Whether the part is made on the press whose work was moved."""
        return self.made_on == "Press 2"

    def list_price(self, year: int) -> int:
        """Cents in the price file of that year, on the next five cents."""
        return round(self.list_cents * YEARLY_RISE[year] / 5) * 5

    def cost(self, month: date) -> int:
        """Cents that making one costs in that month."""
        material = MATERIAL[MONTHS.index(month) // 3]
        return round(self.list_cents * YEARLY_RISE[month.year] * material * self.cost_share)

    def quoted_on(self, day: date) -> int:
        """Working days that the price file in force on that day quotes."""
        return self.quoted[sum(issue <= day for issue in ISSUES) - 1]

    def needed_in(self, month: date) -> int:
        """Whole working days that making it took in that month."""
        return round(self.needed[MONTHS.index(month)])


def make_parts() -> list[Part]:
    """All parts, in catalogue order."""
    dice = Dice(2024)
    parts = []
    for family in FAMILIES:
        lines = [line.strip().split("; ") for line in family.sizes.splitlines()]
        for n, (size, price, weight) in enumerate(lines):
            number = 1012 + 37 * n + dice.between(0, 30)
            words = f"{family.name}, {size}" if family.name else size
            words = words.replace(" x ", " \N{MULTIPLICATION SIGN} ")
            code = f"{family.code}-{number}"
            sku = Sku(code, family.category, words, family.pack, float(weight))
            # Every second pad set, not a run of neighbours: the list alone shows no pattern.
            place = family.made_on[
                (1, 0, 1, 2)[n % 4] if family is PADS else n % len(family.made_on)
            ]
            moves = place == "Press 2"
            later = 0 if moves or not dice.chance(0.3) else dice.pick((-1, 1))
            changes = dice.between(1, 4)
            quoted = tuple(
                family.quoted + (later if issue >= changes else 0) for issue in range(len(ISSUES))
            )
            spare = 0 if moves else dice.pick((0, 0.5, 1))
            parts.append(
                Part(
                    sku,
                    family,
                    place,
                    round(float(price) * 100),
                    0.64 * (1 - dice.about(0.297, 0.05)),
                    quoted,
                    tuple(
                        (19 if moves and month >= MOVED_ON else family.needed - spare)
                        + round(dice.about(0, 0.7), 1)
                        for month in MONTHS
                    ),
                    dice.about(1.35 if moves else 1.0, 0.5) * (1.5 if family is PADS else 1.0),
                )
            )
    return parts


def price_file(parts: list[Part]) -> list[PriceFileEntry]:
    """Each issue of the price file, January and July."""
    return [
        PriceFileEntry(issued, p.sku.sku, p.list_price(issued.year) / 100, p.quoted[n])
        for n, issued in enumerate(ISSUES)
        for p in parts
    ]


def lead_times(parts: list[Part]) -> list[LeadTime]:
    """Where each part was made in each month, and how long that took."""
    rows = []
    for n, month in enumerate(MONTHS):
        for part in parts:
            place = part.made_on
            if part.moves and month >= MOVED_ON:
                place = "Press 4"
            elif place == "Filter line B" and part.family is AIR and month >= date(2025, 5, 1):
                place = "Filter line A"  # a move that did no harm
            rows.append(LeadTime(month, part.sku.sku, place, part.needed[n]))
    return rows

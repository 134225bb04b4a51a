"""Varley's customers, and how each of them buys."""

from dataclasses import dataclass

from trueaccount.world.tables import Customer


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer with its habits: orders a month, discount on list, euro on a line."""

    row: Customer
    orders: float
    discount: float
    line_eur: int


MOTORBARN = Buyer(Customer("C01", "Motorbarn", "retail chain", 2016, 40), 0, 0.36, 0)
OTHERS = (
    Buyer(Customer("C02", "Kestrel Motor Factors", "wholesaler", 2009, 30), 19, 0.33, 640),
    Buyer(Customer("C03", "Brunnhof Teilehandel", "wholesaler", 2011, 30), 17, 0.33, 620),
    Buyer(Customer("C04", "Pièces du Ponant", "wholesaler", 2012, 45), 14, 0.32, 560),
    Buyer(Customer("C05", "Östra Bildelar", "wholesaler", 2010, 30), 12, 0.32, 580),
    Buyer(Customer("C06", "Ricambi Valsesia", "wholesaler", 2014, 60), 10, 0.31, 520),
    Buyer(Customer("C07", "Recambios Albarrán", "wholesaler", 2015, 60), 10, 0.31, 500),
    Buyer(Customer("C08", "Tarn Valley Autoparts", "wholesaler", 2008, 30), 9, 0.30, 450),
    Buyer(Customer("C09", "Polder Garagegroep", "workshop group", 2017, 30), 9, 0.29, 380),
    Buyer(Customer("C10", "Autodíly Lesná", "wholesaler", 2018, 45), 8, 0.30, 420),
    Buyer(Customer("C11", "Norvik Bilservice", "workshop group", 2013, 30), 7, 0.28, 340),
    Buyer(Customer("C12", "Aldermoor Fleet Parts", "fleet operator", 2019, 45), 5, 0.28, 520),
    Buyer(Customer("C13", "Colline Entretien Auto", "workshop group", 2016, 45), 5, 0.27, 310),
    Buyer(Customer("C14", "Zagorje Deli", "wholesaler", 2020, 30), 5, 0.29, 360),
    Buyer(Customer("C15", "Fjellby Transport", "fleet operator", 2021, 30), 3, 0.26, 430),
)

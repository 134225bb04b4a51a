"""What each table of the world holds: one dataclass per file, one field per column.

The field's type says how a column is written and read back: `date`, `int`, `float` (two
decimals), `bool` (0 or 1), `str`, or `date | None` where a cell may be empty.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(slots=True)
class OrderLine:
    order_id: str
    line: int
    customer_id: str
    sku: str
    quantity: int
    unit_price_eur: float
    unit_cost_eur: float
    entered: date
    released: date
    requested_ship: date
    promised_ship: date
    shipped: date
    expedited: bool
    express_cost_eur: float
    changed_after_release: bool
    paid: date


@dataclass(frozen=True, slots=True)
class Sku:
    sku: str
    category: str
    description: str
    pack_size: int
    weight_kg: float


@dataclass(frozen=True, slots=True)
class PriceFileEntry:
    issued: date
    sku: str
    list_price_eur: float
    quoted_lead_time_days: int


@dataclass(frozen=True, slots=True)
class LeadTime:
    month: date
    sku: str
    made_on: str
    lead_time_days: float


@dataclass(frozen=True, slots=True)
class Customer:
    customer_id: str
    name: str
    kind: str
    customer_since: int
    payment_terms_days: int


@dataclass(frozen=True, slots=True)
class StoreOpening:
    store_id: str
    town: str
    opened: date
    mail_id: str
    order_id: str
    forecast_units: int
    actual_units: int


@dataclass(frozen=True, slots=True)
class CalendarMail:
    mail_id: str
    received: date
    sender: str
    inbox: str
    subject: str
    openings_listed: int
    units_listed: int
    forwarded_to: str
    forwarded_on: date | None


@dataclass(frozen=True, slots=True)
class AccountMonth:
    month: date
    stores: int
    lines: int
    expedited_lines: int
    revenue_eur: float
    goods_cost_eur: float
    margin_before_expedite_eur: float
    expedite_cost_eur: float
    margin_after_expedite_eur: float
    margin_before_expedite_pct: float
    margin_after_expedite_pct: float


@dataclass(frozen=True, slots=True)
class CategoryPurchase:
    half_year: str
    category: str
    varley_makes: bool
    supplier: str
    purchases_eur: int


@dataclass(frozen=True, slots=True)
class DashboardFigure:
    month: date
    quarter: str
    number: int
    metric_id: str
    metric: str
    kind: str
    unit: str
    goal_is: str
    goal: float
    actual: float
    owner_varley: str
    owner_motorbarn: str


@dataclass(frozen=True, slots=True)
class NewPart:
    part_id: str
    category: str
    released: date
    sheet_sent: date
    accepted: date
    priced: date
    planned: date
    on_sale: date


@dataclass(frozen=True, slots=True)
class SorrelCustomer:
    customer_id: str
    customer: str
    product: str
    last_order: date
    revenue_12_months_eur: int
    best_year_eur: int
    contribution_pct: int
    pays: str
    typical_order_eur: int
    next_order_eur: int
    next_order_contribution_pct: int
    decides_in_weeks: int
    what_is_known: str


@dataclass(frozen=True, slots=True)
class SorrelMonth:
    month: date
    revenue_eur: int
    variable_cost_eur: int
    fixed_cost_eur: int
    cash_at_end_eur: int


@dataclass(frozen=True, slots=True)
class SorrelCall:
    call_id: str
    customer_id: str
    called_on: date
    spoke_with: str
    order_kind: str
    order_eur: int
    decides_in_weeks: int
    paid_in_advance_pct: int
    first_cash_in_weeks: int
    note: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file's row type and the columns that together name one row."""

    row: type
    key: tuple[str, ...]

    @property
    def columns(self) -> dict[str, object]:
        """Column name to type, in the order of the file."""
        return dict(self.row.__annotations__)


TABLES: dict[str, Table] = {
    "order_lines": Table(OrderLine, ("order_id", "line")),
    "skus": Table(Sku, ("sku",)),
    "price_file": Table(PriceFileEntry, ("issued", "sku")),
    "lead_times": Table(LeadTime, ("month", "sku")),
    "customers": Table(Customer, ("customer_id",)),
    "store_openings": Table(StoreOpening, ("store_id",)),
    "calendar_mails": Table(CalendarMail, ("mail_id",)),
    "account_months": Table(AccountMonth, ("month",)),
    "purchases_by_category": Table(CategoryPurchase, ("half_year", "category", "supplier")),
    "dashboard_quarters": Table(DashboardFigure, ("month", "metric_id")),
    "new_parts": Table(NewPart, ("part_id",)),
    "sorrel_ledger": Table(SorrelCustomer, ("customer_id",)),
    "sorrel_months": Table(SorrelMonth, ("month",)),
    "sorrel_calls": Table(SorrelCall, ("call_id",)),
}


def path_of(name: str) -> Path:
    """The shipped file of a table; an unknown name raises an error that lists the known ones."""
    if name not in TABLES:
        raise KeyError(f"no table called {name!r}; the tables are: {', '.join(TABLES)}")
    return DATA / f"{name}.csv"

"""The truth of a world, as Parquet beside the landing folder. No model reads it."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import literal
from orchestration.world import faults
from orchestration.world.buying import CAUSES, LEAVE_AFTER_COMPLAINT, LEAVE_WHEN_LATE
from orchestration.world.campaigns import CAMPAIGNS
from orchestration.world.hours import QUARTERS
from orchestration.world.kinds import KINDS
from orchestration.world.market import MISSIONS, REGIONS
from orchestration.world.newsletters import NEWSLETTERS
from orchestration.world.offers import FORTNIGHT, PULLED_FORWARD, TAKEN
from orchestration.world.people import CHANNELS
from orchestration.world.scale import LAST_DAY, World
from orchestration.world.systems.feed import listed
from orchestration.world.visits import BROKEN_ENTRY, ENTRIES, STILL_WORKS, breaks_on

ACCOUNT = "case when system = 0 then 'crm:' || member_no({0}) else 'shop:' || user_id({0}) end"
ORDER = "case when in_store then 'pos:' || receipt_no({0}) else 'shop:' || order_no({0}) end"


CATEGORY = f"{listed(MISSIONS)}[mission + 1]"
PRODUCT = "'erp:' || sku({0})"
PAIR = f"{PRODUCT.format('first')} as product_a_id, {PRODUCT.format('second')} as product_b_id"
LEAFLET = "'erp:L' || lpad(leaflet::varchar, 3, '0')"
VISIT = "'app:' || numbered('V', {0})"
CHANNEL = f"{listed(ENTRIES)}[{{0}} + 1]"


def _tables(world: World) -> dict[str, str]:
    """What is true, by the names under which the warehouse knows accounts, orders and products."""
    codes = listed(campaign.code for campaign in CAMPAIGNS)
    openings = ", ".join(f"opens_{each.channel} as {each.channel}_opening" for each in NEWSLETTERS)
    rejected = f"status = '{faults.REJECTED}'"
    settled = (faults.ACCEPTED, faults.QUARANTINED, faults.SUPERSEDED, faults.DUPLICATE)
    counted = ", ".join(
        f"coalesce(sum(row_count) filter (where status = '{status}'), 0)::bigint as rows_{status}"
        for status in settled
    )
    return {
        # Which person an account belongs to.
        "person_accounts": f"""
            select {ACCOUNT.format("serial")} as account_id, 'P' || person as person_id
            from accounts order by serial
        """,
        # Who people are, when they left and why; null for those who have not.
        "persons": f"""
            select 'P' || number as person_id,
                {listed(tuple(CHANNELS))}[channel + 1] as acquisition_channel,
                date_of(acquired) as acquired_on,
                {listed(REGIONS)}[region + 1] as region,
                rate * 7 as purchases_per_week,
                drift as drift_probability,
                online as online_share,
                is_price_sensitive,
                case when gender = 0 then 'female' else 'male' end as gender,
                {listed(MISSIONS)}[first_mission + 1] as first_category,
                {listed(MISSIONS)}[second_mission + 1] as second_category,
                basket_size as basket_size_factor,
                is_luncher as lunches_on_working_days,
                {listed(QUARTERS)}[quarter + 1] as home_quarter,
                {listed(tuple(KINDS))}[kind + 1] as kind,
                never_buys,
                case when cause >= 0 then date_of(left_on) end as dropped_out_on,
                {listed(CAUSES)}[cause + 1] as dropout_cause,
                'P' || household as household_id,
                is_twin
            from people order by number
        """,
        # Which person an order is of, guests' too.
        "orders": f"""
            select {ORDER.format("serial")} as order_id, 'P' || person as person_id,
                status = 0 as is_purchase, account < 0 as is_guest, date_of(day) as ordered_on,
                yuan(net) as sales_amount
            from sales order by serial
        """,
        # Whose each event is, and the visit to which it belongs.
        "events": f"""
            select 'app:' || numbered('X', serial) as event_id,
                {VISIT.format("session")} as visit_id, 'P' || visits.person as person_id
            from events inner join visits using (session) order by serial
        """,
        # Each visit by the way that the visitor came, with the order that was placed in it, and
        # the one that would not have come without it.
        "visits": f"""
            select {VISIT.format("session")} as visit_id, 'P' || any_value(visits.person)
                    as person_id,
                {CHANNEL.format("any_value(visits.entry)")} as channel,
                min(clock(day, second)) - interval '8' hour as started_at,
                max(clock(day, second)) - interval '8' hour as ended_at,
                bool_or(account >= 0) as is_logged_in,
                'shop:' || order_no(any_value(visits.sale)) as order_id,
                'shop:' || order_no(any_value(visits.causes)) as caused_order_id
            from events inner join visits using (session) group by session order by session
        """,
        # How each purchase came about: the channel without which it would not have come, if any.
        "order_origins": f"""
            select {ORDER.format("serial")} as order_id, 'P' || person as person_id,
                case when caused_by >= 0 then {CHANNEL.format("caused_by")} end
                    as caused_by_channel,
                is_browsed_before as is_browsed_before_store,
                is_seen_in_store as is_seen_in_store_before_online
            from sales where status = 0 order by serial
        """,
        # What each channel of visits caused, and what ends with its visits whoever caused it.
        "channel_effects": f"""
            select {CHANNEL.format("visits.entry")} as channel,
                count(*) as visit_count,
                count(*) filter (where visits.sale >= 0) as order_count,
                count(*) filter (where causes >= 0) as caused_order_count,
                coalesce(sum(yuan(net)) filter (where causes >= 0), 0) as caused_amount
            from visits left join sales on visits.causes = sales.serial
            group by visits.entry order by visits.entry
        """,
        # What each complaint about an order did: by how much less likely its person was to buy
        # again within 90 days of usual traffic. A question does nothing.
        "complaint_effects": f"""
            select {ORDER.format("tickets.sale")} as order_id, tickets.topic as reason,
                -{LEAVE_AFTER_COMPLAINT} * (1 - drift)
                * case when tickets.topic = 'late_delivery' then 1 - {LEAVE_WHEN_LATE} else 1 end
                * (1 - exp(-rate * 90)) as repurchase_effect
            from tickets
            inner join (select serial, person from sales) as sales on tickets.sale = sales.serial
            inner join people on sales.person = people.number
            order by tickets.serial
        """,
        # The step of the funnel that is broken for a channel's visits; nothing in a calm world.
        "funnel_breaks": f"""
            select '{ENTRIES[BROKEN_ENTRY]}' as channel, 'checkout' as step,
                date_of({breaks_on(world)}) as starts_on, {STILL_WORKS} as factor
            where {breaks_on(world)} < {world.days}
        """,
        # How each person takes the newsletters, before they weary, and when they read.
        "newsletter_tastes": f"""
            select 'P' || number as person_id, {openings}, reads_at // 3600 as reads_at_hour
            from people order by number
        """,
        # What each person of an audience buys in the window, untreated (0) and treated (1).
        "potential_outcomes": f"""
            select 'marketing:' || {codes}[campaign + 1] as campaign_id,
                'P' || person as person_id,
                case when is_treated then 'treatment' else 'control' end as arm,
                orders_0, orders_1, yuan(revenue_0) as revenue_0, yuan(revenue_1) as revenue_1
            from outcomes order by campaign, person
        """,
        # What was wanted of the stocked products, beside what could be sold, and its mean before
        # anything was drawn.
        "demand": """
            select 'erp:' || store_code(store) as store_id, 'erp:' || sku(product) as product_id,
                date_of(day) as demanded_on, sold + missed as demand_quantity,
                sold as sold_quantity, expected::float as expected_quantity
            from stock order by day, store, product
        """,
        # How demand answers to the price, and what becomes of what an offer adds.
        "elasticities": f"""
            select {CATEGORY} as category, elasticity,
                {PULLED_FORWARD}::double as pulled_forward_share, {TAKEN}::double as taken_share
            from elasticities order by mission
        """,
        # What the offers of a leaflet did, in units of all that was wanted, in stores and online.
        "promotions": f"""
            select {LEAFLET} as promotion_id, {CATEGORY} as category,
                date_of(begins) as starts_on, date_of(begins + {FORTNIGHT - 1}) as ends_on,
                base as base_units, lifted as lift_units, pulled as pulled_forward_units,
                taken as taken_units
            from effects
            semi join (select leaflet, product % {len(MISSIONS)} as mission from offers)
                using (leaflet, mission)
            where begins < {world.days} order by leaflet, mission
        """,
        # Products of which one brings the other into the basket, and how much more often both are
        # bought together than if neither knew of the other.
        "affinities": f"""
            with bought as (
                select distinct sale, product from sale_lines
                semi join (select unnest([first, second]) as product from habits) using (product)
                semi join sales on sale = serial and status = 0
            ),
            counted as (select product, count(*) as orders from bought group by product)
            select {PAIR}, chance, (
                    select count(*) from bought as a inner join bought as b using (sale)
                    where a.product = first and b.product = second
                ) * (select count(*) from sales where status = 0) / (a.orders * b.orders) as lift
            from habits
            inner join counted as a on a.product = first
            inner join counted as b on b.product = second
            where lag = 0 order by habit
        """,
        # What is wanted some time after something else: how often, after how many days, and after
        # how many it was bought.
        "sequences": f"""
            select {PAIR}, chance, lag as wanted_after_days, median(days) as bought_after_days,
                count(days) as follow_count
            from habits left join followed using (habit)
            where lag > 0 group by all order by min(habit)
        """,
        # When people come to each store: how many of its purchases were to be expected in each
        # hour of all working days, and of all weekends, and where the store lies.
        "store_hours": f"""
            select 'erp:' || store_code(store) as store_id,
                {listed(QUARTERS)}[quarter + 1] as quarter, is_weekend, hour as hour_of_day,
                hour >= opens and hour < closes as is_open, expected as expected_purchases
            from store_hours inner join stores using (store) order by all
        """,
        # Products that were not sold from the first day on.
        "new_products": f"""
            select {PRODUCT.format("product")} as product_id, date_of(launched_on) as launched_on
            from products where launched_on > 0 order by launched_on, product
        """,
        # Every remarkable line, and what ought to become of it.
        "dirt": "from dirt order by source_system, feed, file, line, kind",
        "expected_quarantine": f"""
            select source_system,
                case when {rejected} then feed else entity end as entity,
                case when {rejected} then 'landing' else 'validation' end as caught_at,
                reason_code, sum(row_count)::bigint as row_count
            from expected where {rejected} or status = '{faults.QUARANTINED}'
            group by all order by all
        """,
        "expected_reconciliation": f"""
            select source_system, entity, sum(row_count)::bigint as rows_landed,
                {counted}
            from expected where not {rejected} group by all order by all
        """,
    }


@dataclass(frozen=True)
class Truth:
    """The folder of the truth of a world. Its `world.json` says which world it is, and when it is
    complete also how many faults of each kind were planted."""

    world: World
    folder: Path

    def is_complete(self) -> bool:
        """Whether this very world has been made here; `ValueError` where another one has."""
        path = self.folder / "world.json"
        if not path.exists():
            return False
        found = json.loads(path.read_text())
        dirt = found.pop("dirt", None)
        if found != self._described():
            raise ValueError(
                f"{self.folder.parent} holds another world, of {found['customers']} customers in"
                f" {found['days']} days from seed {found['seed']} or an older generator: choose"
                " another folder, or remove it."
            )
        return dirt is not None

    def begin(self) -> None:
        """Says which world is being made, so that one that was interrupted is made again."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._describe({})

    def write(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Writes all that is true, the description last."""
        for name, query in _tables(self.world).items():
            connection.execute(
                f"copy ({query}) to {literal(self.folder / f'{name}.parquet')} (format parquet)"
            )
        kinds = "select kind, count(*) from dirt group by kind order by kind"
        self._describe({"dirt": dict(connection.execute(kinds).fetchall())})

    def _describe(self, more: dict[str, Any]) -> None:
        text = json.dumps({**self._described(), **more}, indent=2)
        (self.folder / "world.json").write_text(f"{text}\n", encoding="utf-8")

    def _described(self) -> dict[str, Any]:
        return {
            "customers": self.world.customers,
            "days": self.world.days,
            "seed": self.world.seed,
            "is_calm": self.world.is_calm,
            "has_kinds": self.world.has_kinds,
            "first_day": self.world.first_day.isoformat(),
            "last_day": LAST_DAY.isoformat(),
            "generator": _generator(),
        }


def _generator() -> str:
    """A digest of the generator's own source: other code makes another world."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

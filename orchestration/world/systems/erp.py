"""The ERP: the catalogue, the stores, stock counted every evening, what is ordered from suppliers,
leaflets, and competitors' prices."""

from __future__ import annotations

from orchestration.world.calendar import FORMATS
from orchestration.world.faults import Ghost
from orchestration.world.market import BRANDS, CITIES, COMPETITORS, MISSIONS, REGIONS
from orchestration.world.scale import World
from orchestration.world.systems.feed import Feed, listed


def feeds(world: World) -> list[Feed]:
    departments = listed([department for department, *_ in MISSIONS.values()])
    things = f"[{', '.join(listed(things) for *_, things in MISSIONS.values())}]"
    cities = f"[{', '.join(listed(CITIES[region]) for region in REGIONS)}]"
    return [
        Feed(
            "erp", "products", "products",
            f"""
            select sku(product) as sku,
                things[product // {len(MISSIONS)} % len(things) + 1] || ' '
                    || product // {len(MISSIONS)} // len(things) + 1 as product_name,
                {listed(BRANDS)}[product % {len(BRANDS)} + 1] as brand,
                {departments}[mission + 1] as department,
                {listed(tuple(MISSIONS))}[mission + 1] as category,
                ['1', '250 g', '500 g', '1 l'][product % 4 + 1] as package_size,
                yuan(price)::varchar as list_price, lead_time::varchar as lead_time_days,
                0 as _day, luck as _luck, product as _key
            from (select *, {things}[mission + 1] as things from products)
            """,
            cut="once",
            ghosts=(Ghost("no_key", "key_missing", {"sku": "null"}),),
        ),
        Feed(
            "erp", "stores", "stores",
            f"""
            select store_code(store) as store_code,
                cities[store % len(cities) + 1] || store + 1 || '店' as store_name,
                cities[store % len(cities) + 1] as city, {listed(REGIONS)}[region + 1] as region,
                {listed(FORMATS)}[format + 1] as retail_type,
                lpad(opens::varchar, 2, '0') || ':00' as opens_at,
                lpad(closes::varchar, 2, '0') || ':00' as closes_at,
                0 as _day, luck as _luck, store as _key
            from (select *, {cities}[region + 1] as cities from stores)
            """,
            cut="once",
        ),
        Feed(
            "erp", "stock", "stock_levels",
            """
            select store_code(store) as store_code, sku(product) as sku,
                date_of(day)::varchar as counted_on, on_hand::varchar as on_hand,
                day as _day, luck as _luck, store * 1000 + product as _key
            from stock
            """,
            ghosts=(
                Ghost("unreadable_quantity", "quantity_unreadable",
                      {"sku": "'X' || sku", "on_hand": "'many'"}),
            ),
            renamed={"on_hand": "qty"},
        ),
        Feed(
            "erp", "supplier_orders", "supplier_orders",
            f"""
            select numbered('B', serial) as order_line_no, store_code(store) as store_code,
                sku(product) as sku, date_of(day)::varchar as ordered_on,
                date_of(due)::varchar as due_on,
                case when delivered < {world.days} then date_of(delivered)::varchar end
                    as delivered_on,
                quantity::varchar as quantity, yuan(cost)::varchar as unit_cost,
                day as _day, luck as _luck, serial as _key
            from supplier_orders
            """,
            ghosts=(
                Ghost("unreadable_quantity", "quantity_unreadable",
                      {"order_line_no": "'X' || order_line_no", "quantity": "'many'"}),
            ),
        ),
        Feed(
            "erp", "promotions", "promotions",
            """
            select 'L' || lpad(leaflet::varchar, 3, '0') as promotion_no, sku(product) as sku,
                date_of(begins)::varchar as starts_on, date_of(ends)::varchar as ends_on,
                depth::decimal(4,2)::varchar as depth, date_of(announced)::varchar as announced_on,
                day as _day, luck as _luck, leaflet * 10000 + product as _key
            from offers
            """,
            ghosts=(
                Ghost("unreadable_share", "share_unreadable",
                      {"sku": "'X' || sku", "depth": "'half'"}),
            ),
        ),
        Feed(
            "erp", "competitor_prices", "competitor_prices",
            f"""
            select {listed(COMPETITORS)}[competitor + 1] as competitor,
                {listed(REGIONS)}[region + 1] as region, sku(product) as sku,
                date_of(day)::varchar as observed_on, yuan(price)::varchar as price,
                day as _day, luck as _luck, (region * 10 + competitor) * 1000 + product as _key
            from competitor_prices
            """,
            format="xlsx",
            ghosts=(
                Ghost("unreadable_amount", "amount_unreadable",
                      {"sku": "'X' || sku", "price": "'sold out'"}),
            ),
        ),
    ]  # fmt: skip

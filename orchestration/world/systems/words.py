"""How numbers become what systems write: identifiers, days, times, money."""

from __future__ import annotations

from orchestration.duck import literal
from orchestration.world.scale import World


def name_macros(world: World) -> list[str]:
    """SQL that words numbers: identifiers that say nothing of their order, days, times, money."""
    first = literal(world.first_day)
    return [
        # 7,368,787 has no factor in common with a thousand million: no two numbers meet.
        "create macro scrambled(n) as lpad((n * 7368787 % 1000000000)::varchar, 9, '0')",
        "create macro member_no(n) as case when n >= 0 then 'M' || scrambled(n) end",
        "create macro user_id(n) as case when n >= 0 then 'U' || scrambled(n) end",
        "create macro receipt_no(n) as case when n >= 0 then 'R' || scrambled(n) end",
        "create macro order_no(n) as case when n >= 0 then 'W' || scrambled(n) end",
        "create macro numbered(letter, n) as letter || lpad(n::varchar, 9, '0')",
        "create macro sku(n) as case when n >= 0 then 'SKU' || lpad(n::varchar, 5, '0') end",
        "create macro store_code(n) as case when n >= 0 then 'S' || lpad(n::varchar, 3, '0') end",
        f"create macro date_of(n) as (date {first} + n::integer)::date",
        "create macro clock(n, second) as date_of(n)::timestamp + to_seconds(second)",
        "create macro in_china(n, second) as strftime(clock(n, second), '%Y-%m-%dT%H:%M:%S+08:00')",
        "create macro slashed(n) as strftime(date_of(n), '%Y/%m/%d')",
        "create macro yuan(fen) as (fen / 100)::decimal(18,2)",
    ]

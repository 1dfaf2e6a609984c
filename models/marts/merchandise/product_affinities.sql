select
    affinities.item_kind,
    affinities.item_id,
    affinities.other_item_id,

    affinities.affinity_rank,
    affinities.basket_count,
    affinities.customer_count,
    affinities.item_basket_count,
    affinities.other_item_basket_count,
    affinities.all_basket_count,

    affinities.support,
    affinities.confidence,
    affinities.lift,
    cast({{ round_half_up('affinities.lift_low', 9) }} as double) as lift_low,
    cast({{ round_half_up('affinities.lift_high', 9) }} as double) as lift_high,
    affinities.leverage,

    latest.as_of_date
from {{ ref('int_item_affinities') }} as affinities
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest

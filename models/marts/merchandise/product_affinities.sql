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

    learnt.learnt_until
from {{ ref('int_item_affinities') }} as affinities
cross join {{ ref('int_learnt_until') }} as learnt

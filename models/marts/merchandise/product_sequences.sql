-- What follows what, and not the other way round. Two tests, since either alone is fooled: whether as many go from the one
-- to the other as if what comes next had nothing to do with what came before (whatever is popular follows everything), and
-- whether more go that way than back (what belongs together follows in both directions).
{%- set deviations = var('interval_standard_deviations') %}

with measured as (

    select
        pairs.*,
        cast(customer_count as double) * cast(all_count as double)
            / (cast(from_count as double) * cast(to_count as double)) as lift
    from {{ ref('int_sequence_pairs') }} as pairs
    where customer_count - back_customer_count
        > {{ deviations }} * sqrt(cast(customer_count + back_customer_count as double))

),

uncertain as (

    select
        measured.*,
        lift * exp(-{{ deviations }} * sqrt(1e0 / customer_count)) as lift_low
    from measured

),

ranked as (

    select
        uncertain.*,
        row_number() over (
            partition by item_kind, item_id
            order by {{ round_half_up('(lift_low - 1) * to_count', 6) }} desc nulls last, next_item_id nulls last
        ) as sequence_rank
    from uncertain
    where lift_low > 1

),

timed as (

    select
        ranked.item_kind,
        ranked.item_id,
        ranked.next_item_id,
        percentile_cont(0.5) within group (order by successions.days_between) as median_days
    from ranked
    inner join {{ ref('int_item_successions') }} as successions
        on ranked.item_kind = successions.item_kind
        and ranked.item_id = successions.item_id
        and ranked.next_item_id = successions.next_item_id
    group by ranked.item_kind, ranked.item_id, ranked.next_item_id

)

select
    ranked.item_kind,
    ranked.item_id,
    ranked.next_item_id,

    cast(ranked.sequence_rank as bigint) as sequence_rank,
    ranked.customer_count,
    ranked.back_customer_count,
    cast(ranked.customer_count as double) / (ranked.customer_count + ranked.back_customer_count) as forward_share,
    ranked.lift,
    ranked.lift_low,
    timed.median_days,

    latest.as_of_date
from ranked
inner join timed
    on ranked.item_kind = timed.item_kind
    and ranked.item_id = timed.item_id
    and ranked.next_item_id = timed.next_item_id
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
where ranked.sequence_rank <= {{ var('affinity_max_items') }}

-- What those who had bought both in stores and online spent in the days from a month end on, beside customers of one kind of
-- channel alone, in all and of the same tier and tenure. Kind, tier and tenure are of before that day, and the money of after it:
-- who buys more often comes to more channels by that alone, so that both of the same days would compare buying with itself.
{%- set days = whole_number('channel_comparison_days', 1) %}
{%- set quarter = 91 %}

with tiers as (

    select
        customer_id,
        as_of_date,
        tier
    from {{ ref('int_value_tiers') }}
    where not is_latest

),

compared as (

    select max(as_of_date) as compared_on
    from tiers

),

dated as (

    select
        transactions.customer_id,
        compared.compared_on,
        case when transactions.is_purchase then transactions.transacted_on end as purchased_on,
        case
            when transactions.is_purchase and transactions.transacted_on < compared.compared_on
                then {{ channel_kind('orders.channel') }}
        end as earlier_kind,
        case
            when transactions.transacted_on >= compared.compared_on
                and transactions.transacted_on < compared.compared_on + {{ days }}
                then transactions.net_amount
        end as later_amount
    from {{ ref('int_latest_transactions') }} as transactions
    inner join compared on compared.compared_on is not null
    left join {{ ref('int_orders') }} as orders on transactions.order_id = orders.order_id

),

placed as (

    select
        dated.customer_id,
        dated.compared_on,
        case when min(dated.earlier_kind) = max(dated.earlier_kind) then min(dated.earlier_kind) else 'both' end
            as earlier_kind,
        coalesce(max(tiers.tier), 'none') as earlier_tier,
        least(
            {{ whole_number('tenure_max_quarters', 1) }},
            cast(floor({{ days_between('min(dated.purchased_on)', 'dated.compared_on') }} / {{ quarter }}e0) as bigint)
        ) as earlier_tenure_quarters,
        cast(coalesce(sum(dated.later_amount), 0) as decimal(18,2)) as later_amount
    from dated
    left join tiers on dated.customer_id = tiers.customer_id
    group by dated.customer_id, dated.compared_on
    having count(dated.earlier_kind) > 0

)

select
    placed.*,
    count(case when earlier_kind <> 'both' then 1 end) over alike as matched_customer_count,
    cast(sum(case when earlier_kind <> 'both' then later_amount end) over () as double)
        / nullif(count(case when earlier_kind <> 'both' then 1 end) over (), 0) as single_kind_amount,
    cast(sum(case when earlier_kind <> 'both' then later_amount end) over alike as double)
        / nullif(count(case when earlier_kind <> 'both' then 1 end) over alike, 0) as matched_amount
from placed
window alike as (partition by earlier_tier, earlier_tenure_quarters)

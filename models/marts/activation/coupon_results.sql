-- How many coupons were given out and used, and how many of the orders they were used on would have come anyway. The orders that a
-- coupon brought are the difference between the arms of its campaign, times all in the arm that got it, those who wait included. What those
-- who do not wait used it on while they were watched, beyond the difference times them, is cannibalised; what came to nothing is no order,
-- as in the difference. Without a hold-out, or where a campaign has several coupons, nobody knows.
{%- set days = var('experiment_windows')[0] %}

with known as (

    select
        coupons.*,
        count(*) over (partition by coupons.campaign_id) = 1 as is_alone
    from {{ accepted('coupons') }} as coupons

),

steps as (

    select
        messages.coupon_id, messages.touch_type, messages.order_id, messages.customer_id,
        count(case when messages.touch_type = 'coupon_issued' then 1 end)
            over (partition by messages.coupon_id, messages.customer_id) > 0 as is_issued,
        messages.occurred_on >= members.watched_from
            and messages.occurred_on <= coalesce(members.ends_on, members.watched_from + {{ days - 1 }})
            and (members.ends_on is not null or members.watched_from + {{ days }} <= latest.as_of_date)
            and orders.is_purchase as is_watched
    from {{ ref('int_messages') }} as messages
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and messages.occurred_on < latest.as_of_date
    left join known on messages.coupon_id = known.coupon_id
    left join {{ ref('int_coupon_orders') }} as orders on messages.coupon_id = orders.coupon_id and messages.order_id = orders.order_id
    left join {{ ref('int_experiment_members') }} as members
        on known.campaign_id = members.experiment_id
        and messages.customer_id = members.customer_id
        and members.arm <> '{{ var("experiment_control_arm") }}'
    where messages.touch_type in ('coupon_issued', 'coupon_redeemed')
        and messages.customer_id is not null

),

touched as (

    select
        coupon_id,
        count(distinct customer_id) filter (where touch_type = 'coupon_issued') as issued_count,
        count(distinct customer_id) filter (where touch_type = 'coupon_redeemed') as redeemer_count,
        count(distinct customer_id) filter (where touch_type = 'coupon_redeemed' and is_issued) as issued_redeemer_count,
        count(distinct order_id) filter (where touch_type = 'coupon_redeemed') as redeemed_order_count,
        count(distinct order_id) filter (where touch_type = 'coupon_redeemed' and is_watched) as watched_order_count
    from steps
    group by coupon_id

),

used as (

    select
        coupon_id,
        cast(sum(net_amount) as decimal(18,2)) as redeemed_amount,
        cast(sum(discount_amount) as decimal(18,2)) as discount_amount
    from {{ ref('int_coupon_orders') }}
    group by coupon_id

),

measured as (

    select
        results.campaign_id,
        max(results.verdict) as verdict,
        {%- for bound in ['', 'low_', 'high_'] %}
        max(results.{{ bound }}orders_difference * results.arm_count) as {{ bound }}incremental_orders,
        max(results.{{ bound }}revenue_difference * results.arm_count) as {{ bound }}incremental_revenue,
        max(results.{{ bound }}orders_difference * results.member_count) as {{ bound }}watched_orders{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('campaign_results') }} as results
    where results.is_measurable
    group by results.campaign_id
    having count(*) = 1

)

select
    known.coupon_id,
    known.campaign_id,
    known.discount_type,
    known.discount_value,
    known.valid_from,
    known.valid_to,
    verdicts.verdict,
    verdicts.verdict_en,
    verdicts.verdict_zh,

    coalesce(touched.issued_count, 0) as issued_count,
    coalesce(touched.redeemer_count, 0) as redeemer_count,
    coalesce(touched.redeemed_order_count, 0) as redeemed_order_count,
    cast(touched.issued_redeemer_count as double) / nullif(touched.issued_count, 0) as redemption_share,
    coalesce(used.redeemed_amount, 0) as redeemed_amount,
    coalesce(used.discount_amount, 0) as discount_amount,
    {%- for bound in ['', 'low_', 'high_'] %}
    measured.{{ bound }}incremental_orders,
    measured.{{ bound }}incremental_revenue,
    {%- endfor %}
    {%- for bound, of in [('', ''), ('low_', 'high_'), ('high_', 'low_')] %}
    case
        when measured.{{ of }}watched_orders is not null and touched.watched_order_count > 0
            and measured.verdict not in ('running', 'too_few')
            then least(1, greatest(0, 1 - measured.{{ of }}watched_orders / touched.watched_order_count))
    end as {{ bound }}cannibalised_share,
    {%- endfor %}

    measured.campaign_id is not null as is_measurable
from known
left join touched on known.coupon_id = touched.coupon_id
left join used on known.coupon_id = used.coupon_id
left join measured on known.campaign_id = measured.campaign_id and known.is_alone
left join {{ ref('campaign_verdicts') }} as verdicts on coalesce(measured.verdict, 'not_measurable') = verdicts.verdict

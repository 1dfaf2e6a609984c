-- What: net revenue and units of all orders before the latest day of analysis, as they stood on it, are in product_month; those of
-- known customers in customer_month and segment_month; those of stores in store_month: to the cent, month by month. Buyers of
-- segments are together those of kpi_monthly.
-- Why: whoever adds up a roll-up finds what orders say.
-- Returns the mart, month and figure that differ.
{%- set held = {
    'customer_month': 'customer_id is not null', 'segment_month': 'customer_id is not null',
    'store_month': 'store_id is not null', 'product_month': 'order_id is not null'} %}

with expected as (

    {%- for mart, condition in held.items() %}
    select
        '{{ mart }}' as mart,
        cast(date_trunc('month', orders.ordered_on) as date) as calendar_month,
        sum(net_amount) as net_amount,
        coalesce(sum(unit_count) filter (where is_purchase), 0) as unit_count
    from {{ ref('int_kpi_orders') }} as orders
    where {{ condition }}
    group by cast(date_trunc('month', orders.ordered_on) as date)
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

found as (

    {%- for mart in held %}
    select
        '{{ mart }}' as mart,
        calendar_month,
        sum(net_amount) as net_amount,
        sum(unit_count) as unit_count
    from {{ ref(mart) }}
    group by calendar_month
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

buyers as (

    select
        calendar_month,
        sum(buyer_count) as buyer_count
    from {{ ref('segment_month') }}
    group by calendar_month

),

all_buyers as (

    select calendar_month, numerator as buyer_count
    from {{ ref('kpi_monthly') }}
    where kpi = 'buyers'
        and channel = 'all'
        and region = 'all'
        and customer_type = 'all'

)

select
    coalesce(expected.mart, found.mart) as mart,
    coalesce(expected.calendar_month, found.calendar_month) as calendar_month,
    'money or units' as figure
from expected
full join found on expected.mart = found.mart and expected.calendar_month = found.calendar_month
where coalesce(expected.net_amount, 0) <> coalesce(found.net_amount, 0)
    or coalesce(expected.unit_count, 0) <> coalesce(found.unit_count, 0)
union all
select
    'segment_month',
    coalesce(all_buyers.calendar_month, buyers.calendar_month),
    'buyers'
from all_buyers
full join buyers on all_buyers.calendar_month = buyers.calendar_month
where coalesce(all_buyers.buyer_count, 0) <> coalesce(buyers.buyer_count, 0)

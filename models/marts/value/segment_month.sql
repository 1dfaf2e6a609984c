-- How many customers each month left in each segment, and what these had ordered in it. Each day of analysis looks back on a
-- month of its own (int_months). Who had ordered, and yet not bought by its end, is in none.
with sizes as (

    select
        {{ month_looked_back_on('as_of_date') }} as calendar_month,
        to_segment_code as segment_code,
        sum(customer_count) as customer_count
    from {{ ref('rfm_segment_transitions') }}
    where to_segment_code is not null
    group by {{ month_looked_back_on('as_of_date') }}, to_segment_code

),

bought as (

    select
        calendar_month,
        segment_code,
        count(*) as ordering_count,
        count(*) filter (where buyer_type = 'new') as new_buyer_count,
        count(*) filter (where buyer_type = 'returning') as returning_buyer_count,
        sum(purchase_count) as purchase_count,
        sum(unit_count) as unit_count,
        sum(net_amount) as net_amount
    from {{ ref('customer_month') }}
    group by calendar_month, segment_code

),

joined as (

    select
        coalesce(sizes.calendar_month, bought.calendar_month) as calendar_month,
        coalesce(sizes.segment_code, bought.segment_code) as segment_code,
        coalesce(sizes.customer_count, bought.ordering_count) as customer_count,
        coalesce(bought.new_buyer_count, 0) as new_buyer_count,
        coalesce(bought.returning_buyer_count, 0) as returning_buyer_count,
        coalesce(bought.purchase_count, 0) as purchase_count,
        coalesce(bought.unit_count, 0) as unit_count,
        coalesce(bought.net_amount, 0) as net_amount
    from sizes
    full join bought
        on sizes.calendar_month = bought.calendar_month
        and sizes.segment_code = bought.segment_code

)

select
    joined.calendar_month,
    joined.segment_code,
    segments.segment_name_en,
    segments.segment_name_zh,

    cast(joined.customer_count as bigint) as customer_count,
    joined.new_buyer_count + joined.returning_buyer_count as buyer_count,
    joined.new_buyer_count,
    joined.returning_buyer_count,
    cast(joined.purchase_count as bigint) as purchase_count,
    cast(joined.unit_count as decimal(18,3)) as unit_count,
    cast(joined.net_amount as decimal(18,2)) as net_amount,

    months.days_since_month >= 0 as is_complete
from joined
inner join {{ ref('int_months') }} as months on joined.calendar_month = months.calendar_month
left join {{ ref('rfm_segments') }} as segments on joined.segment_code = segments.segment_code

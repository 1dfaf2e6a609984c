-- A refund gives back what was paid, and with it tax, tips and the like that were no revenue of the
-- order. Of such an order it takes off as much of the revenue as it gives back of what was asked, so
-- that a refund of everything leaves nothing. Refunds are taken together from the first to each, and
-- their shares rounded so; a source may say of one that it is of the revenue alone.
{%- set amounts = {'sales': 'converted_amount', 'delivered': 'delivered_amount'} %}

with adjusted as (

    select
        order_id,
        {%- for name, amount in amounts.items() %}
        sum(case when placement = 'on_top' then {{ amount }} else 0 end) as {{ name }}_on_top,
        sum(case when placement <> 'payment' and is_revenue then {{ amount }} else 0 end)
            as {{ name }}_revenue{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ accepted('order_adjustments') }} as adjustments
    group by order_id

),

orders as (

    select
        adjusted.order_id,
        {%- for name in amounts %}
        coalesce(amounts.{{ name }}_amount, 0) + adjusted.{{ name }}_on_top as {{ name }}_asked,
        greatest(coalesce(amounts.{{ name }}_amount, 0) + adjusted.{{ name }}_revenue, 0)
            as {{ name }}_kept{{ ',' if not loop.last }}
        {%- endfor %}
    from adjusted
    left join {{ ref('int_order_amounts') }} as amounts on adjusted.order_id = amounts.order_id
    where adjusted.delivered_on_top <> adjusted.delivered_revenue

),

refunds as (

    select
        refund_id,
        attached_order_id,
        refunded_on,
        converted_amount,
        amount_off_order as delivered_amount
    from {{ accepted('refunds') }} as accepted
    where is_revenue_alone is not true

),

running as (

    select
        refunds.refund_id,
        refunds.converted_amount as sales_refund,
        refunds.delivered_amount as delivered_refund,
        {%- for name, amount in amounts.items() %}
        sum(refunds.{{ amount }}) over so_far as {{ name }}_so_far,
        {%- endfor %}
        orders.*
    from refunds
    inner join orders on refunds.attached_order_id = orders.order_id
    where orders.sales_asked > 0
        and orders.delivered_asked > 0
    window so_far as (
        partition by orders.order_id
        order by refunds.refunded_on nulls last, refunds.refund_id nulls last
        rows between unbounded preceding and current row
    )

)

select
    refund_id,
    {%- for name in amounts %}
    cast(
        {{ share_of(name ~ '_kept', name ~ '_so_far', name ~ '_asked') }}
        - {{ share_of(name ~ '_kept', name ~ '_so_far - ' ~ name ~ '_refund', name ~ '_asked') }}
        as decimal(18,2)
    ) as {{ name }}_share{{ ',' if not loop.last }}
    {%- endfor %}
from running

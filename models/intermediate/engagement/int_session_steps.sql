-- How far each session came on the way to a purchase (1 view, 2 cart, 3 checkout, 4 purchase), how far its visitor came
-- within funnel_days of its beginning, and who they were that morning. Whoever comes to a later step counts at all before
-- it, so that nobody is lost by a page that was not logged, or by buying in a store. For the longer form a purchase
-- counts wherever it was made; one of which only the day is known came first on it, and is sought by days.
with bought as (

    select distinct session_id
    from {{ ref('int_purchase_sessions') }} as purchases
    where session_id is not null

),

sessions as (

    select
        sessions.visitor_id,
        sessions.customer_id is not null as is_customer,
        sessions.channel,
        sessions.started_at as happened_at,
        sessions.started_on as happened_on,
        case
            when bought.session_id is not null then 4
            when sessions.checkout_count > 0 then 3
            when sessions.cart_count > 0 then 2
            when sessions.view_count > 0 then 1
            else 0
        end as step_reached,
        true as is_session
    from {{ ref('int_sessions') }} as sessions
    left join bought on sessions.session_id = bought.session_id

),

moments as (

    select * from sessions
    union all
    select customer_id, true, null, ordered_at, ordered_on, 4, false
    from {{ ref('int_purchase_sessions') }} as purchases

),

followed as (

    select
        moments.*,
        greatest(
            max(case when happened_at is not null then step_reached end) over (
                partition by visitor_id order by happened_at nulls last
                range between current row and interval '{{ var("funnel_days") }}' day following
            ),
            max(case when happened_at is null then step_reached end) over (
                partition by visitor_id
                order by {{ days_between("cast('1970-01-01' as date)", 'happened_on') }} nulls last
                range between 1 following and {{ whole_number('funnel_days', 1) }} following
            )
        ) as step_reached_later
    from moments

)

select
    followed.visitor_id,
    followed.channel,
    {{ customer_type(
        'case when followed.is_customer then followed.visitor_id end', 'followed.happened_on', 'beginnings.first_purchase_on'
    ) }} as customer_type,
    followed.happened_on as started_on,
    followed.step_reached,
    followed.step_reached_later
from followed
left join {{ ref('int_first_purchases') }} as beginnings on followed.visitor_id = beginnings.customer_id
where followed.is_session
    and followed.step_reached > 0

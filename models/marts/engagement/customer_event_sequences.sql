-- What people do next in a visit. A view is named by its page, where the source says it, since to look at the cart is
-- another step than to put something into it.
with sessions as (

    select
        sessions.session_id,
        sessions.started_at,
        {{ customer_type('sessions.customer_id', 'sessions.started_on', 'beginnings.first_purchase_on') }}
            as customer_type
    from {{ ref('int_sessions') }} as sessions
    left join {{ ref('int_first_purchases') }} as beginnings on sessions.customer_id = beginnings.customer_id

),

steps as (

    select
        session_id,
        case when event_type = 'view' then 'view' || coalesce(' ' || page_kind, '') else event_type end as step,
        occurred_at as happened_at,
        event_number,
        event_id
    from {{ ref('int_session_events') }}
    union all
    select session_id, 'purchase', ordered_at, null, order_id
    from {{ ref('int_purchase_sessions') }}
    where session_id is not null
    union all
    select session_id, 'begin', started_at, 0, session_id
    from sessions

),

followed as (

    select
        session_id,
        step,
        coalesce(
            lead(step) over (
                partition by session_id
                order by happened_at nulls last, event_number nulls last, event_id nulls last
            ),
            'end'
        ) as next_step
    from steps

),

counted as (

    select
        sessions.customer_type,
        followed.step,
        followed.next_step,
        count(*) as transition_count
    from followed
    inner join sessions on followed.session_id = sessions.session_id
    group by sessions.customer_type, followed.step, followed.next_step

)

select
    customer_type,
    step,
    next_step,
    transition_count,
    cast(transition_count as double) / sum(transition_count) over (partition by customer_type, step) as transition_share
from counted

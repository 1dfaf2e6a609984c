-- The last five steps before a purchase, where a step that follows itself is one: the channels of the touches that led to
-- it, and the kinds of the pages seen in the visits among them, up to the order.
with steps as (

    select
        'channel' as path_kind,
        order_id,
        touch_number,
        cast(0 as bigint) as event_number,
        channel as step,
        {{ days_between('touched_on', 'ordered_on') }} as days_before
    from {{ ref('int_order_touches') }}
    union all
    select
        'page',
        touches.order_id,
        touches.touch_number,
        events.event_number,
        events.page_kind,
        {{ days_between('touches.touched_on', 'touches.ordered_on') }}
    from {{ ref('int_order_touches') }} as touches
    inner join {{ ref('int_session_events') }} as events on touches.touch_id = events.session_id
    inner join {{ ref('int_purchase_sessions') }} as purchases on touches.order_id = purchases.order_id
    where events.page_kind is not null
        and coalesce(events.occurred_at <= purchases.ordered_at, true)

),

followed as (

    select
        steps.*,
        max(days_before) over (partition by path_kind, order_id) as days,
        lead(step) over (
            partition by path_kind, order_id
            order by touch_number nulls last, event_number nulls last
        ) as next_step
    from steps

),

numbered as (

    select
        followed.*,
        row_number() over (
            partition by path_kind, order_id
            order by touch_number desc nulls last, event_number desc nulls last
        ) as steps_to_go
    from followed
    where next_step is distinct from step

)

select
    order_id,
    path_kind,
    {%- for place in range(5, 1, -1) %}
    coalesce(max(case when steps_to_go = {{ place }} then step end) || ' > ', '') ||
    {%- endfor %}
    max(case when steps_to_go = 1 then step end) as path,
    least(count(*), 5) as path_length,
    max(days) as days
from numbered
group by order_id, path_kind

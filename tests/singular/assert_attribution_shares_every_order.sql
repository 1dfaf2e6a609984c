-- What: by every model of attribution the touches of a purchase together get all of it, to the cent, and the mart as a
-- whole has each order once with its money; every purchase has come by some path of each kind, and every event, purchase
-- and begin of a session is followed by something.
-- Why: a share that is lost, or given twice, makes a channel look worse or better than it is.
-- Returns a row for each sum that differs.
with orders as (

    select
        count(*) as order_count,
        sum(net_amount) as net_amount,
        count(*) filter (where is_purchase) as purchase_count,
        coalesce(sum(net_amount) filter (where is_purchase), 0) as purchase_amount
    from {{ ref('orders') }}

),

touched as (

    select
        order_id
        {%- for model in attribution_models() %},
        sum({{ model }}_weight) as {{ model }}_weight,
        sum({{ model }}_amount) as {{ model }}_amount
        {%- endfor %}
    from {{ ref('int_order_touches') }}
    group by order_id

),

steps as (

    select count(*) as step_count from {{ ref('int_session_events') }}
    union all
    select count(*) from {{ ref('int_sessions') }}
    union all
    select count(*) from {{ ref('int_purchase_sessions') }} as purchases where session_id is not null

)

select
    'order ' || touched.order_id as found
from touched
inner join {{ ref('orders') }} as orders on touched.order_id = orders.order_id
where false
    {%- for model in attribution_models() %}
    or abs(touched.{{ model }}_weight - 1) > 1e-12
    or touched.{{ model }}_amount <> orders.net_amount
    {%- endfor %}
union all
select 'model ' || attribution.attribution_model
from {{ ref('order_attribution') }} as attribution
cross join orders
group by attribution.attribution_model, orders.order_count, orders.net_amount
having abs(sum(attribution.weight) - orders.order_count) > 1e-6 * orders.order_count
    or sum(attribution.net_amount) <> orders.net_amount
union all
select 'paths by ' || paths.path_kind
from {{ ref('conversion_paths') }} as paths
cross join orders
group by paths.path_kind, orders.purchase_count, orders.purchase_amount
having sum(paths.purchase_count) <> orders.purchase_count
    or sum(paths.net_amount) <> orders.purchase_amount
union all
select 'steps of sessions'
from (select sum(step_count) as step_count from steps) as seen
cross join (
    select coalesce(sum(transition_count), 0) as transition_count
    from {{ ref('customer_event_sequences') }}
) as told
where seen.step_count <> told.transition_count

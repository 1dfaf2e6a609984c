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

-- Begun from all models and kinds of path: one that has no row at all would not be among the sums.
models as (
    {% for model in attribution_models() %}
    select '{{ model }}' as attribution_model
    {{- ' union all' if not loop.last }}
    {%- endfor %}

),

attributed as (

    select attribution_model, sum(weight) as weight, sum(net_amount) as net_amount
    from {{ ref('order_attribution') }}
    group by attribution_model

),

taken as (

    select path_kind, sum(purchase_count) as purchase_count, sum(net_amount) as net_amount
    from {{ ref('conversion_paths') }}
    group by path_kind

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
    or coalesce(abs(touched.{{ model }}_weight - 1) > 1e-12, true)
    or touched.{{ model }}_amount is distinct from orders.net_amount
    {%- endfor %}
union all
select 'model ' || models.attribution_model
from models
cross join orders
left join attributed on models.attribution_model = attributed.attribution_model
where abs(coalesce(attributed.weight, 0) - orders.order_count) > 1e-6 * orders.order_count
    or coalesce(attributed.net_amount, 0) <> coalesce(orders.net_amount, 0)
union all
select 'paths by ' || kinds.path_kind
from (select 'channel' as path_kind union all select 'page') as kinds
cross join orders
left join taken on kinds.path_kind = taken.path_kind
where coalesce(taken.purchase_count, 0) <> orders.purchase_count
    or coalesce(taken.net_amount, 0) <> orders.purchase_amount
union all
select 'steps of sessions'
from (select sum(step_count) as step_count from steps) as seen
cross join (
    select coalesce(sum(transition_count), 0) as transition_count
    from {{ ref('customer_event_sequences') }}
) as told
where seen.step_count <> told.transition_count

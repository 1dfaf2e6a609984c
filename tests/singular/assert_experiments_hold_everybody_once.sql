-- What: the people of each kind of segment, and what they spent, are those of all; all are those who were drawn; and every coupon that was
-- used is counted.
-- Why: who is lost in one arm, or counted twice, makes a difference that nobody caused.
-- Returns what does not add up, and by how much.
with drawn as (

    select count(*) as people
    from {{ ref('int_experiment_members') }} as members
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and members.watched_from < latest.as_of_date
    where not members.is_crossing

),

segments as (

    select
        segment_type,
        sum(n) filter (where metric = 'orders' and observation = 'days_{{ var("experiment_windows")[0] }}') as people,
        sum(y) filter (where metric = 'revenue') as revenue
    from {{ ref('int_experiment_sums') }}
    group by segment_type

),

used as (

    select
        (select coalesce(sum(redeemed_order_count), 0) from {{ ref('coupon_results') }})
        - (
            select count(*)
            from (
                select distinct touches.coupon_id, touches.order_id
                from {{ accepted('touches') }} as touches
                inner join {{ accepted('coupons') }} as coupons on touches.coupon_id = coupons.coupon_id
                inner join {{ ref('int_account_customers') }} as accounts on touches.account_id = accounts.account_id
                inner join {{ ref('int_as_of_dates') }} as latest
                    on latest.is_latest
                    and touches.occurred_on < latest.as_of_date
                where touches.touch_type = 'coupon_redeemed'
                    and touches.order_id is not null
            ) as redemptions
        ) as difference

),

differences as (

    select 'people by ' || segments.segment_type as what, cast(segments.people - drawn.people as double) as difference
    from segments
    cross join drawn
    union all
    select 'revenue by ' || segments.segment_type, segments.revenue - everybody.revenue
    from segments
    inner join segments as everybody on everybody.segment_type = 'all'
    union all
    select 'coupons used', difference
    from used

)

select what, difference
from differences
where abs(difference) > 0.005

-- The arm in which an export has recorded a customer, as a touch of its audience's own campaign, and whether that was so lately that
-- int_contact_limits counts it. The first counts, and of two of one day, by merged accounts, that of the first account: an arm that went
-- before the other would be drawn more often of those who have two. What is of the day itself was exported from this day's analysis.
with recorded as (

    select
        {{ unqualified('touches.campaign_id') }} as audience,
        accounts.customer_id,
        touches.account_id,
        touches.arm,
        touches.occurred_on,
        {{ days_between('touches.occurred_on', 'latest.as_of_date') }} <= {{ whole_number('contact_cap_days', 1) }} as is_counted
    from {{ accepted('touches') }} as touches
    inner join {{ ref('int_account_customers') }} as accounts on touches.account_id = accounts.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and touches.occurred_on <= latest.as_of_date
    where touches.source_system = 'regulars'
        and touches.touch_type = 'assigned'
        and touches.arm is not null

),

ranked as (

    select
        recorded.*,
        max(case when is_counted then 1 else 0 end) over (partition by audience, customer_id) as counted,
        row_number() over (
            partition by audience, customer_id order by occurred_on nulls last, account_id nulls last, arm nulls last
        ) as record_rank
    from recorded

)

select
    audience,
    customer_id,
    arm,
    counted = 1 as is_counted
from ranked
where record_rank = 1

-- The arm that was drawn of a customer before: an export is recorded as a touch of its audience's own campaign, and goes before what was
-- published last. The first counts, and of two of one day, by merged accounts, the control. Who is left alone stays left alone.
with recorded as (

    select
        {{ unqualified('touches.campaign_id') }} as audience,
        accounts.customer_id,
        touches.account_id,
        touches.arm,
        touches.occurred_on
    from {{ accepted('touches') }} as touches
    inner join {{ ref('int_account_customers') }} as accounts on touches.account_id = accounts.account_id
    where touches.source_system = 'regulars'
        and touches.touch_type = 'assigned'
    union all
    select
        audience,
        customer_id,
        cast(null as string),
        arm,
        cast(null as date)
    from {{ ref('stg_publication__audiences') }}

),

ranked as (

    select
        recorded.*,
        row_number() over (
            partition by audience, customer_id order by occurred_on nulls last, arm nulls last, account_id nulls last
        ) as record_rank
    from recorded
    where arm is not null

)

select
    audience,
    customer_id,
    arm,
    occurred_on is not null as is_exported
from ranked
where record_rank = 1

-- Who of those that an audience's rule names is addressed today. First it is asked who may be contacted at all; then a customer has room
-- for contact_cap messages in all, beside what others have sent: each audience that they are in takes one for as long as they are, those
-- that an export has handed them to first, then those of the highest value; then the audience has its size. None of that looks at arms,
-- and who was left alone counts as contacted, so that both arms are alike.
-- Arms are a lottery: a hash that has a key falls below the share that is left alone. It is of play and customer, so that who is left
-- alone by one channel is not reached by another; no memory is needed, and the arm that an export has recorded stays.
{%- set key = "'" ~ var('holdout_salt') ~ "'" %}
{%- set draw %}
{%- for digit in range(1, 5) %}{{ ' + ' if not loop.first }}{{ 16 ** (4 - digit) }} * (instr('0123456789abcdef', substr(lot, {{ digit }}, 1)) - 1){% endfor %}
{%- endset %}

with checked as (

    select
        members.*,
        recorded.arm as recorded_arm,
        recorded.arm is not null as is_recorded,
        coalesce(recorded.is_counted, false) as is_counted,
        coalesce(limits.contact_count, 0) as contact_count,
        {{ hash_key([key, 'members.play', 'members.customer_id']) }} as lot,
        case
            when limits.customer_id is null then 'never_asked'
            when limits.refusal not in ('quiet_day', 'too_many_contacts') then limits.refusal
            when members.is_personal and personalised.customer_id is null then 'no_personalisation'
            when limits.refusal = 'quiet_day' then 'quiet_day'
        end as refusal_first
    from {{ ref('audience_members') }} as members
    left join {{ ref('int_contact_limits') }} as limits
        on members.customer_id = limits.customer_id
        and members.purpose = limits.purpose
        and members.channel = limits.channel
    left join {{ ref('int_personalised_customers') }} as personalised on members.customer_id = personalised.customer_id
    left join {{ ref('int_recorded_arms') }} as recorded
        on members.audience = recorded.audience
        and members.customer_id = recorded.customer_id

),

capped as (

    select
        checked.*,
        case
            when refusal_first is not null then refusal_first
            -- What was handed over by these audiences is among the contacts already.
            when contact_count - count(case when is_counted then 1 end) over (partition by customer_id, refusal_first)
                + row_number() over (
                    partition by customer_id, refusal_first
                    order by is_recorded desc nulls last, expected_value_amount desc nulls last, audience nulls last
                ) > {{ whole_number('contact_cap', 1) }} then 'too_many_contacts'
        end as refusal_capped
    from checked

),

sized as (

    select
        capped.*,
        case
            when refusal_capped is not null then refusal_capped
            when row_number() over (
                partition by audience, refusal_capped
                order by is_recorded desc nulls last, expected_value_amount desc nulls last, customer_id nulls last
            ) > max_members then 'beyond_size'
        end as refusal
    from capped

),

drawn as (

    select
        sized.*,
        case
            when refusal is not null then null
            when recorded_arm is not null then recorded_arm
            when {{ draw }} < holdout_share * 65536 then 'control'
            else 'treatment'
        end as arm
    from sized

)

select
    drawn.audience,
    drawn.customer_id,
    latest.as_of_date,

    drawn.purpose,
    drawn.channel,
    drawn.play,
    case
        when drawn.arm is null then 'excluded'
        when drawn.arm = 'control' then 'hold_out'
        else 'target'
    end as audience_status,
    drawn.arm,
    drawn.refusal,
    refusals.refusal_name_en,
    refusals.refusal_name_zh,
    drawn.membership_tier,
    drawn.state,

    drawn.expected_value_amount,

    drawn.is_personal,
    drawn.is_recorded
from drawn
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
left join {{ ref('contact_refusals') }} as refusals on drawn.refusal = refusals.refusal

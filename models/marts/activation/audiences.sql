-- Who of those that an audience's rule names is addressed today. First it is asked who may be contacted at all; then a customer of
-- several audiences has room for contact_cap messages in all, those of the highest value first; then the audience has its size.
-- None of that looks at arms, so that both are alike. Whom an export has handed over before stays, and takes no room again.
-- Arms: within each tier and state people stand in the order of a hash that has a key, and every n-th is left alone, from a start that
-- differs by tier and state. So each has the same chance, and the share holds in every group. An arm that was drawn stays.
{%- set holds_out = "floor(cast(share * 256 * (%s) + 10000 * start as double) / 2560000)" %}
{%- set key = "'" ~ var('holdout_salt') ~ "'" %}
{%- set digits = "'0123456789abcdef'" %}

with checked as (

    select
        members.*,
        recorded.arm as recorded_arm,
        coalesce(recorded.is_exported, false) as is_exported,
        coalesce(limits.contact_count, 0) as contact_count,
        case
            when limits.customer_id is null then 'never_asked'
            when limits.refusal <> 'too_many_contacts' or (limits.refusal is not null and recorded.is_exported is distinct from true)
                then limits.refusal
            when members.is_personal and personalised.customer_id is null then 'no_personalisation'
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
            when refusal_first is not null or is_exported then refusal_first
            when contact_count + row_number() over (
                partition by customer_id, refusal_first, is_exported
                order by expected_value_amount desc nulls last, audience nulls last
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
                order by is_exported desc nulls last, expected_value_amount desc nulls last, customer_id nulls last
            ) > max_members then 'beyond_size'
        end as refusal
    from capped

),

placed as (

    select
        sized.*,
        cast(holdout_share * 10000 as bigint) as share,
        16 * (instr({{ digits }}, substr({{ hash_key([key, 'audience', 'membership_tier', 'state']) }}, 1, 1)) - 1)
        + instr({{ digits }}, substr({{ hash_key([key, 'audience', 'membership_tier', 'state']) }}, 2, 1)) - 1 as start,
        count(case when refusal is null then recorded_arm end) over (partition by audience, membership_tier, state)
        + row_number() over (
            partition by audience, membership_tier, state, refusal is null and recorded_arm is null
            order by {{ hash_key([key, 'audience', 'customer_id']) }} nulls last, customer_id nulls last
        ) as place
    from sized

),

drawn as (

    select
        placed.*,
        case
            when refusal is not null then null
            when recorded_arm is not null then recorded_arm
            when {{ holds_out % 'place' }} > {{ holds_out % 'place - 1' }} then 'control'
            else 'treatment'
        end as arm
    from placed

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

    drawn.recorded_arm is not null as is_recorded
from drawn
inner join {{ ref('int_as_of_dates') }} as latest on latest.is_latest
left join {{ ref('contact_refusals') }} as refusals on drawn.refusal = refusals.refusal

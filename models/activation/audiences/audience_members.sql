-- Whom the rules of all audiences in use name, with the terms of each, and what arms are drawn alike by. Whom a rule names twice, for
-- two plays, is there for the one that is worth more.
with named as (

    select
        cast(null as string) as audience,
        cast(null as string) as purpose,
        cast(null as string) as channel,
        cast(null as decimal(5,4)) as holdout_share,
        cast(null as bigint) as max_members,
        cast(null as boolean) as is_personal,
        cast(null as string) as customer_id,
        cast(null as string) as play,
        cast(null as decimal(18,2)) as expected_value_amount
    where false
    {%- for audience in var('audiences') %}
    {%- set terms = audience_terms(audience) %}
    union all
    select
        '{{ audience }}',
        '{{ terms.purpose }}',
        '{{ terms.channel }}',
        cast({{ terms.holdout_share }} as decimal(5,4)),
        cast({{ 'null' if terms.max_members is none else terms.max_members }} as bigint),
        {{ terms.is_personal | lower }},
        customer_id,
        play,
        expected_value_amount
    from {{ ref('audience_' ~ audience) }}
    {%- endfor %}

),

ranked as (

    select
        named.*,
        row_number() over (
            partition by audience, customer_id order by expected_value_amount desc nulls last, play nulls last
        ) as play_rank
    from named

)

select
    ranked.audience,
    ranked.purpose,
    ranked.channel,
    ranked.holdout_share,
    ranked.max_members,
    ranked.is_personal,
    ranked.customer_id,
    ranked.play,
    ranked.expected_value_amount,
    coalesce(customers.membership_tier, 'none') as membership_tier,
    lifecycle.state
from ranked
inner join {{ ref('customers') }} as customers on ranked.customer_id = customers.customer_id
inner join {{ ref('customer_lifecycle') }} as lifecycle
    on ranked.customer_id = lifecycle.customer_id
    and lifecycle.is_latest
where ranked.play_rank = 1

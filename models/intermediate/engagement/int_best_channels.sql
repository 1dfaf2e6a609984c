-- The channel through which each customer responds best, where one does by more than chance: of those through which they may be
-- contacted, and have had enough messages, the first beats the second by preference_min_deviations. Openings decide, and
-- where they don't purchases, which every channel tells, but which come of much else.
with comparable as (

    select
        responses.customer_id,
        responses.channel,
        responses.response,
        responses.expected_share,
        -- The variance of the beta distribution; where customers of a channel are all alike it is 0, and nobody prefers it.
        responses.likeness * responses.expected_share * (1 - responses.expected_share)
            / (1 + responses.likeness * responses.message_count) as variance
    from {{ ref('int_channel_responses') }} as responses
    inner join {{ ref('int_contact_permissions') }} as permissions
        on responses.customer_id = permissions.customer_id
        and responses.channel = permissions.channel
        and permissions.is_permitted
    where responses.message_count >= {{ whole_number('preference_min_messages', 1) }}
        and responses.likeness > 0

),

ranked as (

    select
        comparable.*,
        row_number() over from_the_best as place,
        lead(expected_share) over from_the_best as next_share,
        lead(variance) over from_the_best as next_variance
    from comparable
    window from_the_best as (
        partition by customer_id, response
        order by expected_share desc nulls last, channel nulls last
    )

),

best as (

    select
        customer_id,
        channel,
        response,
        row_number() over (partition by customer_id order by response nulls last) as choice
    from ranked
    where place = 1
        and expected_share - next_share >= {{ var('preference_min_deviations') }} * sqrt(variance + next_variance)

)

select
    customer_id,
    channel as best_channel,
    response as best_by
from best
where choice = 1

-- What each customer permits: a purpose through a channel. Silence is no. Of the answers of their accounts the strictest stands: one
-- no forbids, whichever account says it, and one yes must be there that has not run out. Who reaches a customer for it takes the
-- contact of the account that said so: the others were not asked. What accounts answered stays theirs, so that the permission goes
-- with them when a wrong link is undone.
with ranked as (

    select
        answers.*,
        row_number() over (
            partition by customer_id, purpose, channel
            order by
                case answer when 'withdrawn' then 1 when 'granted' then 2 else 3 end nulls last,
                answered_on desc nulls last,
                valid_to nulls last,
                consent_id nulls last
        ) as answer_rank
    from {{ ref('int_consent_answers') }} as answers

)

select
    customer_id,
    purpose,
    channel,
    account_id,
    consent_id,
    answered_on,
    valid_to,
    answer = 'granted' as is_permitted,
    nullif(answer, 'granted') as reason
from ranked
where answer_rank = 1

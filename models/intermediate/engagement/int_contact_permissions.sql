-- Whether a customer may be contacted through a channel: somebody said yes, and nobody's last word is no. Each purpose has
-- an answer of its own, and each account; a no to any of them forbids to say that the customer prefers the channel. An answer that
-- names no channel is for all of them.
with channels as (

    select distinct channel
    from {{ ref('int_messages') }}

)

select
    answers.customer_id,
    channels.channel,
    count(*) filter (where answers.consent_status = 'withdrawn') = 0 as is_permitted
from {{ ref('int_consent_answers') }} as answers
inner join channels on answers.channel = channels.channel or answers.channel is null
group by answers.customer_id, channels.channel

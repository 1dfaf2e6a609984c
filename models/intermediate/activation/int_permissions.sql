-- Whether a customer may be contacted for a purpose through a channel: an account said yes, and no account's last word is no. An
-- answer that names no purpose, or no channel, is for all of them. Who was never asked has no row, and may not.
with scopes as (

    select
        purposes.purpose,
        channels.channel
    from (
        select 'marketing' as purpose
        union
        select purpose from {{ ref('int_consent_answers') }} where purpose is not null
    ) as purposes
    cross join (
        select channel from {{ ref('contact_channels') }}
        union
        select channel from {{ ref('int_consent_answers') }} where channel is not null
    ) as channels

)

select
    answers.customer_id,
    scopes.purpose,
    scopes.channel,
    count(*) filter (where answers.consent_status = 'withdrawn') = 0 as is_permitted,
    case when count(*) filter (where answers.consent_status = 'withdrawn') > 0 then 'withdrawn' end as reason
from {{ ref('int_consent_answers') }} as answers
inner join scopes
    on coalesce(answers.purpose, scopes.purpose) = scopes.purpose
    and coalesce(answers.channel, scopes.channel) = scopes.channel
group by answers.customer_id, scopes.purpose, scopes.channel

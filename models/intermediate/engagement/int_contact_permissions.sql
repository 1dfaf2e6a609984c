-- Whether a customer may be contacted through a channel: somebody said yes, and nobody's last word is no. Each purpose has
-- an answer of its own, and each account; a no to any of them forbids to say that the customer prefers the channel. An answer that
-- names no channel is for all of them.
with channels as (

    select distinct channel
    from {{ ref('int_messages') }}

),

ranked as (

    select
        account_customers.customer_id,
        consents.channel,
        consents.consent_status,
        row_number() over (
            partition by consents.account_id, consents.purpose, consents.channel
            order by consents.changed_on desc nulls last, consents.changed_at desc nulls last,
                consents.consent_status desc nulls last, consents._line nulls last
        ) as answer_rank
    from {{ accepted('consents') }} as consents
    inner join {{ ref('int_account_customers') }} as account_customers
        on consents.account_id = account_customers.account_id
    inner join {{ ref('int_as_of_dates') }} as latest
        on latest.is_latest
        and consents.changed_on < latest.as_of_date

)

select
    ranked.customer_id,
    channels.channel,
    count(*) filter (where ranked.consent_status = 'withdrawn') = 0 as is_permitted
from ranked
inner join channels on ranked.channel = channels.channel or ranked.channel is null
where ranked.answer_rank = 1
group by ranked.customer_id, channels.channel

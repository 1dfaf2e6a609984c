-- Each account has an answer for every purpose and channel, the last one before the day; of two at one instant the no holds. A no
-- holds from the moment it is known, on the day itself and later too: marts of a day may be used long after it.
with ranked as (

    select
        account_customers.customer_id,
        consents.account_id,
        consents.purpose,
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
        and (consents.changed_on < latest.as_of_date or consents.consent_status = 'withdrawn')

)

select
    customer_id,
    account_id,
    purpose,
    channel,
    consent_status
from ranked
where answer_rank = 1

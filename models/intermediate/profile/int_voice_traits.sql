-- What each ticket, review, survey or comment of a known customer says of them: which needs, by its reason code and by words in its text
-- (the seed need_terms), and where they speak in public. A word is found wherever it stands: 不新鲜 is one of the seed, and "not bad at
-- all" would be found by bad. Every statement that gives a reason or a text is a whole of needs, whether it has one or not.
with voices as (

    select
        interactions.interaction_id,
        customers.customer_number,
        interactions.source_system,
        interactions.channel,
        interactions.interaction_type = 'social_comment' as is_public,
        {{ lower_ascii('interactions.topic') }} as reason,
        {{ lower_ascii('interactions.comment_text') }} as words,
        interactions.occurred_on as counted_from,
        interactions.occurred_on + {{ whole_number('tag_window_days', 1) }} as counted_until
    from {{ accepted('interactions') }} as interactions
    inner join {{ ref('int_account_customers') }} as account_customers
        on interactions.account_id = account_customers.account_id
    inner join {{ ref('int_customers') }} as customers on account_customers.customer_id = customers.customer_id

),

needs as (

    select voices.interaction_id, terms.need
    from voices
    inner join {{ ref('need_terms') }} as terms on terms.found_in = 'reason' and voices.reason = terms.term
    union
    select voices.interaction_id, terms.need
    from voices
    inner join {{ ref('need_terms') }} as terms
        on terms.found_in = 'comment' and position(terms.term in voices.words) > 0

),

traits as (

    select interaction_id, 'need' as trait, need as item, 1 as amount, 0 as whole_amount
    from needs
    union all
    select interaction_id, 'need', null, 0, 1
    from voices
    where coalesce(reason, words) is not null
    union all
    select interaction_id, 'social', channel, 1, 1
    from voices
    where is_public and channel is not null

)

select
    voices.interaction_id,
    voices.customer_number,
    voices.source_system,
    items.item_number,
    cast(traits.amount as decimal(18,2)) as amount,
    cast(traits.whole_amount as decimal(18,2)) as whole_amount,
    voices.counted_from,
    voices.counted_until
from voices
inner join traits on voices.interaction_id = traits.interaction_id
inner join {{ ref('int_trait_items') }} as items
    on traits.trait = items.trait
    and (traits.item = items.item or (traits.item is null and items.item is null))

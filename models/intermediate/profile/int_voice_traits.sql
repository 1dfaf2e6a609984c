-- What each ticket, review, survey or comment of a known customer says of them: which needs, by its reason code and by words in its text
-- (the seed need_terms), and where they speak in public. A word is found wherever it stands: 不新鲜 is one of the seed, and "not bad at
-- all" would be found by bad. Every statement that gives a reason or a text is a whole of needs, whether it has one or not.
{%- set window_days = whole_number('tag_window_days', 1) %}

with bounds as (

    select min(as_of_date) as first_as_of, max(as_of_date) as latest_as_of
    from {{ ref('int_as_of_dates') }}

),

voices as (

    select
        interactions.interaction_id,
        customers.customer_number,
        interactions.source_system,
        interactions.channel,
        interactions.interaction_type = 'social_comment' as is_public,
        {{ lower_ascii('interactions.topic') }} as reason,
        {{ lower_ascii('interactions.comment_text') }} as words,
        {{ first_as_of_after('interactions.occurred_on', 'bounds') }} as valid_from,
        case when interactions.occurred_on + {{ window_days }} < bounds.latest_as_of
            then {{ first_as_of_after('interactions.occurred_on + ' ~ window_days, 'bounds') }}
        end as valid_to
    from {{ accepted('interactions') }} as interactions
    inner join {{ ref('int_account_customers') }} as account_customers
        on interactions.account_id = account_customers.account_id
    inner join {{ ref('int_customers') }} as customers on account_customers.customer_id = customers.customer_id
    inner join bounds on interactions.occurred_on < bounds.latest_as_of

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
    voices.customer_number,
    voices.source_system,
    items.item_number,
    cast(traits.amount as decimal(18,2)) as amount,
    cast(traits.whole_amount as decimal(18,2)) as whole_amount,
    voices.valid_from,
    voices.valid_to
from voices
inner join traits on voices.interaction_id = traits.interaction_id
inner join {{ ref('int_trait_items') }} as items
    on traits.trait = items.trait
    and (traits.item = items.item or (traits.item is null and items.item is null))
where voices.valid_to > voices.valid_from
    or voices.valid_to is null

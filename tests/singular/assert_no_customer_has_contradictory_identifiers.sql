-- What: the accounts of a customer have at most one number of an identity card, but for slips of the keys,
-- and one identifier on a platform, unless a person has decided that two of them must be linked; and of no two of them has a
-- person decided that they must not be.
-- Why: single links may be right and chain two people together all the same.
-- Returns each customer with two identifiers of a type, and each pair that was to stay apart.
with account_customers as (

    select * from {{ ref('int_account_customers') }}

),

decided as (

    select
        decisions.decision,
        account_customers.customer_id
    from {{ ref('int_identity_decisions') }} as decisions
    inner join account_customers on decisions.account_id = account_customers.account_id
    inner join account_customers as others
        on decisions.other_account_id = others.account_id
        and account_customers.customer_id = others.customer_id

)

select
    account_customers.customer_id,
    'two identifiers' as contradiction
from account_customers
inner join account_customers as others
    on account_customers.customer_id = others.customer_id
    and account_customers.account_id < others.account_id
inner join {{ ref('int_account_features') }} as features on account_customers.account_id = features.account_id
inner join {{ ref('int_account_features') }} as other_features on others.account_id = other_features.account_id
left join decided
    on account_customers.customer_id = decided.customer_id
    and decided.decision = 'must_link'
where decided.customer_id is null
    and (
        levenshtein(features.national_id, other_features.national_id) > 2
        or features.union_id <> other_features.union_id
    )
union all
select
    customer_id,
    'must_not_link'
from decided
where decision = 'must_not_link'

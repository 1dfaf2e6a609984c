-- What: no customer has more accounts than `identity_max_accounts`, of which guests and single checkouts are none,
-- two numbers of an identity card that are more than slips of the keys apart, or two identifiers on a platform,
-- unless a person has decided that two of the accounts must be linked; and of no two of them has a person decided
-- that they must not be.
-- Why: single links may be right and chain two people together all the same; one number that many share and
-- nobody knows of would make one giant customer of them.
-- Returns each customer with what speaks against one person. Numbers are compared only where a customer has
-- several, of customers within the cap: by pairs of accounts, a giant would never end.
with members as (

    select
        account_customers.customer_id,
        account_customers.account_id,
        account_customers.known_by,
        features.national_id,
        features.union_id
    from {{ ref('int_account_customers') }} as account_customers
    left join {{ ref('int_account_features') }} as features on account_customers.account_id = features.account_id

),

counted as (

    select
        customer_id,
        count(case when known_by is null then 1 end) as account_count,
        count(distinct national_id) as national_id_count,
        count(distinct union_id) as union_id_count
    from members
    group by customer_id

),

national_ids as (

    select distinct
        members.customer_id,
        members.national_id
    from members
    inner join counted on members.customer_id = counted.customer_id
    where counted.national_id_count > 1
        and counted.account_count <= {{ var('identity_max_accounts') }}

),

contradictions as (

    select customer_id, 'too_many_accounts' as contradiction
    from counted
    where account_count > {{ var('identity_max_accounts') }}
    union all
    select customer_id, 'other_union_id'
    from counted
    where union_id_count > 1
    union all
    select national_ids.customer_id, 'other_national_id'
    from national_ids
    inner join national_ids as others
        on national_ids.customer_id = others.customer_id
        and national_ids.national_id < others.national_id
    where levenshtein(national_ids.national_id, others.national_id) > 2

),

decided as (

    select
        decisions.decision,
        members.customer_id
    from {{ ref('int_identity_overrides') }} as decisions
    inner join members on decisions.account_id = members.account_id
    inner join members as others
        on decisions.other_account_id = others.account_id
        and members.customer_id = others.customer_id

),

forced as (

    select distinct customer_id
    from decided
    where decision = 'must_link'

)

select contradictions.customer_id, contradictions.contradiction
from contradictions
anti join forced on contradictions.customer_id = forced.customer_id
union all
select customer_id, 'must_not_link'
from decided
where decision = 'must_not_link'

-- What two accounts share that may link them. A number counts as its owner's for `valid_days` after the last sign
-- of life; an account that begins later with the same number may be somebody else's. So may a contact that only orders
-- tell of an account, since parcels go to friends: between two people with names, names have a say.
with carried as (

    select
        identifiers.*,
        lifespans.first_seen_on,
        lifespans.last_seen_on,
        rules.valid_days
    from {{ ref('int_linking_identifiers') }} as identifiers
    inner join {{ ref('identifier_rules') }} as rules on identifiers.identifier_type = rules.identifier_type
    left join {{ ref('int_account_lifespans') }} as lifespans on identifiers.account_id = lifespans.account_id
    where identifiers.account_count > 1

)

select
    carried.account_id,
    others.account_id as other_account_id,
    carried.identifier_type,
    bool_and(coalesce(
        {{ days_between(
            'least(carried.last_seen_on, others.last_seen_on)',
            'greatest(carried.first_seen_on, others.first_seen_on)',
        ) }} > carried.valid_days,
        false
    )) as is_expired,
    bool_and(coalesce(carried.has_name and others.has_name and not (carried.is_in_record and others.is_in_record), false))
        as must_be_weighed
from carried
inner join carried as others
    on carried.identifier_type = others.identifier_type
    and carried.identifier_value = others.identifier_value
    and carried.account_id < others.account_id
group by carried.account_id, others.account_id, carried.identifier_type

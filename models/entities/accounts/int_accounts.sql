-- An account that nobody delivered, but that orders or refunds name, is an account nevertheless. A day of
-- registration that can't be true is taken for unknown, since the oldest account names the customer,
-- and so is a day of birth that is still to come.
with named as (

    select account_id
    from {{ ref('int_orders') }}
    where account_id is not null
    union
    select account_id
    from {{ accepted('refunds') }} as refunds
    where account_id is not null

)

select
    coalesce(accepted.account_id, named.account_id) as account_id,
    coalesce(accepted.source_system, split_part(named.account_id, ':', 1)) as source_system,
    coalesce(accepted.source_account_id, {{ unqualified('named.account_id') }}) as source_account_id,
    accepted.member_number,
    accepted.phone,
    accepted.email,
    accepted.union_id,
    accepted.national_id,
    accepted.full_name,
    {{ normalise_name('accepted.full_name') }} as plain_name,
    accepted.gender,
    accepted.age_range,
    accepted.income_range,
    accepted.household_type,
    accepted.city,
    accepted.address,
    accepted.postcode,
    accepted.membership_tier,
    accepted.acquisition_channel,
    case
        when not {{ before_first_day('registered_on') }} and not {{ after_delivery('registered_on') }}
            then accepted.registered_on
    end as registered_on,
    case when not {{ after_delivery('birth_date') }} then accepted.birth_date end as birth_date,
    accepted.membership_expires_on,
    accepted.account_id is null as is_inferred,
    coalesce(
        accepted.member_number, accepted.phone, accepted.email, accepted.union_id, accepted.national_id,
        accepted.full_name, cast(accepted.birth_date as string)
    ) is not null as has_record
from {{ accepted('accounts') }} as accepted
full join named on accepted.account_id = named.account_id

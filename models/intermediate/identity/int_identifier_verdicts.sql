-- An identifier that joins more accounts than its type may, that clerks type in place of one, or that is on more
-- checkouts a day than one person makes, joins nobody. Accounts count one by one. Checkouts count by the different names
-- that they tell, and those without a name by the other contact: as one where most of them tell the same. The largest of
-- these numbers is asked, so that nobody is one too many for having bought as a guest.
with told as (

    select
        identifier_type,
        identifier_value,
        other_contact,
        sum(carrier_count) as checkout_count
    from {{ ref('int_identifier_carriers') }}
    where carrier = 'checkout'
        and name is null
        and other_contact is not null
    group by identifier_type, identifier_value, other_contact

),

nameless as (

    select
        identifier_type,
        identifier_value,
        case when 2 * max(checkout_count) > sum(checkout_count) then 1 else count(*) end as person_count
    from told
    group by identifier_type, identifier_value

),

days as (

    select
        identifier_type,
        identifier_value,
        seen_on,
        sum(carrier_count) as checkout_count
    from {{ ref('int_identifier_carriers') }}
    where carrier = 'checkout'
    group by identifier_type, identifier_value, seen_on

),

busy as (

    select
        identifier_type,
        identifier_value,
        percentile_cont(0.5) within group (order by checkout_count) as checkouts_a_day
    from days
    group by identifier_type, identifier_value

),

counted as (

    select
        identifier_type,
        identifier_value,
        coalesce(sum(carrier_count) filter (where carrier = 'account'), 0) as account_count,
        count(distinct case when carrier = 'checkout' then name end) as name_count,
        count(case when carrier = 'checkout' then 1 end) as checkout_count
    from {{ ref('int_identifier_carriers') }}
    group by identifier_type, identifier_value

),

summed as (

    select
        counted.identifier_type,
        counted.identifier_value,
        busy.checkouts_a_day,
        cast(
            greatest(
                counted.account_count,
                counted.name_count,
                coalesce(nameless.person_count, 0),
                least(counted.checkout_count, 1)
            ) as bigint
        ) as account_count
    from counted
    left join nameless
        on counted.identifier_type = nameless.identifier_type
        and counted.identifier_value = nameless.identifier_value
    left join busy
        on counted.identifier_type = busy.identifier_type
        and counted.identifier_value = busy.identifier_value

)

select
    summed.identifier_type,
    summed.identifier_value,
    summed.account_count,
    case
        when blocklist.identifier_value is not null then 'blocklisted'
        when summed.account_count > rules.max_accounts then 'shared_by_too_many'
        when summed.checkouts_a_day > rules.max_checkouts_a_day then 'too_many_a_day'
    end as refusal_reason
from summed
inner join {{ ref('identifier_rules') }} as rules on summed.identifier_type = rules.identifier_type
left join {{ ref('identifier_blocklist') }} as blocklist
    on summed.identifier_type = blocklist.identifier_type
    and summed.identifier_value = blocklist.identifier_value

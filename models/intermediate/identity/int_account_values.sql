-- What each account says of its person, one field a row, so that one rule can choose for any field.
with accounts as (

    select
        accounts.*,
        contacts.phone as contact_phone,
        contacts.address as contact_address
    from {{ ref('int_accounts') }} as accounts
    left join {{ ref('int_account_contacts') }} as contacts on accounts.account_id = contacts.account_id

),

account_values as (

    {%- for field, text in golden_record_fields().items() %}
    select
        account_id,
        source_system,
        registered_on,
        '{{ field }}' as field,
        {{ text }} as value
    from accounts
    {{ 'union all' if not loop.last }}
    {%- endfor %}

)

select * from account_values
where value is not null

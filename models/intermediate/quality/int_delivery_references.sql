-- Numbers of accounts, stores and products in the facts of each file, and how many of them are known. Only numbers of an
-- issuer who has delivered what they number can be known: those of the others say nothing.
{%- set references = {
    'account_id': ('orders', 'accounts'), 'store_id': ('orders', 'stores'), 'product_id': ('order_lines', 'products'),
} %}

with named as (

    {%- for reference, (entity, _) in references.items() %}
    select distinct
        _batch as batch,
        '{{ reference }}' as reference,
        {{ reference }} as number
    from {{ ref('int_' ~ entity ~ '_validated') }}
    where delivery_number is not null
        and row_status not in ('quarantined', 'ignored')
        and {{ reference }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

known as (

    {%- for reference, (_, numbered) in references.items() %}
    select '{{ reference }}' as reference, {{ reference }} as number
    from {{ accepted(numbered) }} as {{ numbered }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

issuers as (

    select distinct reference, split_part(number, ':', 1) as issuer
    from known

)

select
    named.batch,
    named.reference,
    count(*) as number_count,
    count(known.number) as known_count
from named
left join known on named.reference = known.reference and named.number = known.number
semi join issuers
    on named.reference = issuers.reference and split_part(named.number, ':', 1) = issuers.issuer
group by named.batch, named.reference

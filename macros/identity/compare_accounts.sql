{#
  How two accounts are compared. The levels are rules: `identity_comparisons`.

  paired_features  the features of both accounts, those of the one with `_l` behind their names, those of the
                   other with `_r`, as the conditions of levels name them; so does Splink, which fits them. What is
                   compared is compared byte by byte, so that every engine finds the same distance.
                   Example: {{ paired_features('features', 'others') }}
  compared_accounts the CTEs that compare pairs of accounts: `compared` has for each pair the level of every
                   comparison, the share of its value, and the contradiction if there is one.
                   Example: with pairs as (…), {{ compared_accounts('pairs') }} select * from compared
  comparison_level the level of one comparison: its conditions from the first, which is the highest,
                   to 0 where none holds, and -1 where a value is missing.
                   Example: {{ comparison_level('phone') }}
  contradiction    the first of `identity_contradictions` that holds between two accounts, else null.
                   Needs the levels beside the features. Example: {{ contradiction() }}
  names_alone      whether nothing but names is alike. Needs the levels. Example: {{ names_alone() }}
  is_contradicted  whether a contradiction forbids a link of this weight, or is outweighed by it.
                   Example: {{ is_contradicted('contradiction', 'match_weight') }}
#}
{% macro paired_features(left, right) -%}
{%- for comparison in identity_comparisons() %}
        {{ bytes_of(left ~ '.' ~ comparison) }} as {{ comparison }}_l,
        {{ bytes_of(right ~ '.' ~ comparison) }} as {{ comparison }}_r,
        {{ left }}.{{ comparison }}_share as {{ comparison }}_share_l,
{%- endfor %}
{%- for column in [
    'national_id', 'union_id', 'given_hanzi', 'name_key', 'address_digits', 'street_share', 'email_digits'
] %}
        {{ left }}.{{ column }} as {{ column }}_l,
        {{ right }}.{{ column }} as {{ column }}_r{{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}


{% macro comparison_level(comparison) -%}
{%- set levels = identity_comparisons()[comparison]['levels'] -%}
case
            when {{ comparison }}_l is null or {{ comparison }}_r is null then -1
            {%- for condition in levels %}
            when {{ condition }} then {{ levels | length - loop.index0 }}
            {%- endfor %}
            else 0
        end
{%- endmacro %}


{% macro contradiction() -%}
case
            {%- for reason, condition in identity_contradictions().items() %}
            when {{ condition }} then '{{ reason }}'
            {%- endfor %}
        end
{%- endmacro %}


{% macro names_alone() -%}
{%- set others = identity_comparisons() | reject('in', ['given_name', 'family_name']) | list -%}
{{ others | join('_level <= 0 and ') ~ '_level <= 0' if others else 'false' }}
{%- endmacro %}


{% macro is_contradicted(contradiction, match_weight) -%}
{{ match_weight }} < case {{ contradiction }}
                {%- for reason in identity_contradictions() %}
                when '{{ reason }}' then {{ var('identity_contradiction_limits').get(reason, '1e9') }}
                {%- endfor %}
            end
{%- endmacro %}


{% macro compared_accounts(pairs, carried=[]) -%}
paired as (

    select
        pairs.account_id,
        pairs.other_account_id,
        {%- for column in carried %}
        pairs.{{ column }},
        {%- endfor %}
        {{ paired_features('features', 'others') }}
    from {{ pairs }} as pairs
    inner join {{ ref('int_account_features') }} as features on pairs.account_id = features.account_id
    inner join {{ ref('int_account_features') }} as others on pairs.other_account_id = others.account_id

),

levelled as (

    select
        paired.*,
        {%- for comparison in identity_comparisons() %}
        {{ comparison_level(comparison) }} as {{ comparison }}_level{{ ',' if not loop.last }}
        {%- endfor %}
    from paired

),

compared as (

    select
        levelled.*,
        {{ contradiction() }} as contradiction,
        {{ names_alone() }} as names_alone
    from levelled

)
{%- endmacro %}

-- The weight of evidence that two accounts are one person, in bits, after Fellegi and Sunter (1969):
-- log2 of m ÷ u for each attribute, where m and u are the shares of pairs of one and of two persons
-- that reach the level. An equal value counts the more, the rarer it is.
with odds as (

    select {{ prior_weight() }} as prior_weight
    from (select count(*) as account_count from {{ ref('int_account_features') }}) as counted
    cross join (
        select m_probability as matches_per_account
        from {{ ref('int_identity_weights') }}
        where comparison = 'prior'
    ) as fitted

),

terms as (

    select
        comparisons.account_id,
        comparisons.other_account_id,
        comparisons.contradiction,
        comparisons.names_alone,
        odds.prior_weight
        {%- for comparison in identity_comparisons() %},
        {{ term_weight(comparison) }} as {{ comparison }}_weight
        {%- endfor %}
    from {{ ref('int_identity_comparisons') }} as comparisons
    cross join odds
    {%- for comparison in identity_comparisons() %}
    left join {{ ref('int_identity_weights') }} as {{ comparison }}
        on {{ comparison }}.comparison = '{{ comparison }}'
        and comparisons.{{ comparison }}_level = {{ comparison }}.level
    {%- endfor %}

)

select
    terms.*,
    prior_weight
    {%- for comparison in identity_comparisons() %} + {{ comparison }}_weight
    {%- endfor %} as match_weight
from terms

{#
  Weights of evidence in bits, after Fellegi and Sunter (1969), with parameters as Splink fits them.

  share_of_value  the share of accounts with the same value among those with any.
                  Example: {{ share_of_value('family_name') }}
  term_weight     log2(m ÷ u) of the level that holds; for a highest level whose values are not equally
                  common, u is the share of the value itself. Missing values say nothing: 0.
                  Example: {{ term_weight('family_name') }}
  prior_weight    log2 of the odds that two accounts drawn at random are one person, who has
                  `matches_per_account` other accounts on average; among a handful, as unlikely as in a
                  population of `identity_least_population`. Example: {{ prior_weight() }}
#}
{% macro share_of_value(feature) -%}
cast(count(*) over (partition by {{ feature }}) as double) / nullif(count({{ feature }}) over (), 0)
{%- endmacro %}


{% macro term_weight(comparison) -%}
{%- set rule = identity_comparisons()[comparison] -%}
coalesce({{ comparison }}.match_weight, 0)
{%- if rule['rarity'] %}
            + case
                when comparisons.{{ comparison }}_level = {{ rule['levels'] | length }}
                    then log2({{ comparison }}.u_probability) - log2(comparisons.{{ comparison }}_share_l)
                else 0
            end
{%- endif %}
{%- endmacro %}


{% macro prior_weight() -%}
{%- set probability = 'matches_per_account / greatest(account_count - 1, ' ~ var('identity_least_population') ~ ')' -%}
log2({{ probability }}) - log2(1 - {{ probability }})
{%- endmacro %}

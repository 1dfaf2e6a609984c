{#
  Of one category, which place a product has in a list: 1 for the best.

  What: reads sorting_score, category_number and product_number of the query; `list` names the columns that tell lists apart.
  Why: a page is not ten kinds of yoghurt. Lists of a customer, of a cluster and of what goes with a product are all in this order.
#}
{% macro category_place(list) -%}
row_number() over (
    partition by {{ list }}, category_number order by sorting_score desc nulls last, product_number nulls last
)
{%- endmacro %}


{# The place on a page: what is of one category beyond the first recommendation_max_per_category comes after everything else. #}
{% macro page_place(list) -%}
row_number() over (
    partition by {{ list }}
    order by
        category_place > {{ whole_number('recommendation_max_per_category', 1) }} nulls last,
        sorting_score desc nulls last,
        product_number nulls last
)
{%- endmacro %}


{#
  How many products of a list must be left out for a customer before this one can be among the first recommendation_max_items of
  it, by score or on a page; less than 1 for who can be anyway.

  What: whoever is left out lets all others move up by one place, and the first of its category that came after everything else
  join the others. Reads list_place, by score, and category_place besides.
  Why: a list is one for many customers, of whom each has some of it already. What cannot be shown is not looked at.
#}
{% macro needed_absences(list) -%}
case
    when category_place <= {{ var('recommendation_max_per_category') }}
        then {{ page_place(list) }} - {{ whole_number('recommendation_max_items', 1) }}
    else least(
        list_place - {{ var('recommendation_max_items') }},
        category_place - {{ var('recommendation_max_per_category') }}
    )
end
{%- endmacro %}

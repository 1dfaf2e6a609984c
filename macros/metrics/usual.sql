{#
  What is usual on a day: the mean of its weekday over half a year × how far the latest weeks lie above the mean of all days of
  that half year.

  What: reads windows of the query in which it stands, each of all rows up to some: of the weekday `weekdays_before` and
  `weekdays_long_before`, of all days `days_before`, `days_long_before` and `days_before_latest`. Null where fewer than three
  weekdays are known; without seven of the latest days the weekday tells alone.
  Why: what a weekday is takes long to tell, and how business goes does not. Where sales and returns are about as much, a
  quotient of their sums says nothing: three times is the most, and where more is returned than sold there is none.
  Example: {{ usual('plain_numerator') }} as usual_numerator
#}
{% macro usual(column) -%}
case
    when {{ between('count', column, 'weekdays_long_before', 'weekdays_before') }} >= 3
        then {{ mean_between(column, 'weekdays_long_before', 'weekdays_before') }}
            * case
                when {{ between('count', column, 'days_before_latest', 'days_before') }} >= 7
                    and {{ between('sum', column, 'days_long_before', 'days_before') }} > 0
                    then least(3, greatest(0, {{ mean_between(column, 'days_before_latest', 'days_before') }}
                        / ({{ mean_between(column, 'days_long_before', 'days_before') }})))
                else 1
            end
end
{%- endmacro %}


{# The mean of decimals between two rows, the same on every engine. #}
{% macro mean_between(column, before, until) -%}
cast({{ between('sum', column, before, until) }} as double) / nullif({{ between('count', column, before, until) }}, 0)
{%- endmacro %}


{#
  A sum or count between two rows: what it is until the later, without what it was before the first.

  What: both are windows that begin with the first row. Exact, as decimals and counts are.
  Why: a frame that slides over half a year is added up anew for each row on Spark; this takes one pass.
#}
{% macro between(aggregate, column, before, until) -%}
(coalesce({{ aggregate }}({{ column }}) over {{ until }}, 0) - coalesce({{ aggregate }}({{ column }}) over {{ before }}, 0))
{%- endmacro %}

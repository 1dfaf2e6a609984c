{#
  What is usual on a day: the mean of its weekday over half a year × how far the latest weeks lie above the mean of all days of
  that half year.

  What: reads the windows `weekdays`, `half_year` and `latest` of the query in which it stands. Null where fewer than three
  weekdays are known; without seven of the latest days the weekday tells alone.
  Why: what a weekday is takes long to tell, and how business goes does not. Where sales and returns are about as much, a
  quotient of their sums says nothing: three times is the most, and where more is returned than sold there is none.
  Example: {{ usual('plain_numerator') }} as usual_numerator
#}
{% macro usual(column) -%}
case
    when count({{ column }}) over weekdays >= 3
        then {{ mean_over(column, 'weekdays') }}
            * case
                when count({{ column }}) over latest >= 7 and sum({{ column }}) over half_year > 0
                    then least(3, greatest(0, {{ mean_over(column, 'latest') }} / ({{ mean_over(column, 'half_year') }})))
                else 1
            end
end
{%- endmacro %}


{# The mean of decimals over a window, the same on every engine. #}
{% macro mean_over(column, window) -%}
cast(sum({{ column }}) over {{ window }} as double) / nullif(count({{ column }}) over {{ window }}, 0)
{%- endmacro %}

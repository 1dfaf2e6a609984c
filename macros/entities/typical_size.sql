{#
  What the size of a number is as a rule, whatever its sign, in the rows of a group: e to the mean of its whole
  logarithms, zeros left out; null while fewer than typical_min_rows are known.

  Why: a rule of reason must not be moved by what it is to find. Of twenty rows one of a billion lifts it by three times,
  where the mean is lifted by a million. Whole logarithms add up to the same in any order, and nothing is sorted.
  Example: {{ typical_size('gross_amount') }}   1.00, 0.00, -54.00 -> 12.2 (logarithms 0 and 3, and a half)
#}
{% macro typical_size(column) -%}
{%- set sizes = 'nullif(abs(cast(' ~ column ~ ' as double)), 0)' -%}
case
    when count({{ sizes }}) >= {{ var('typical_min_rows') }}
        then exp(sum(floor(ln({{ sizes }}))) / count({{ sizes }}) + 0.5e0)
end
{%- endmacro %}

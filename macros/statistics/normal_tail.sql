{#
  The chance of more than z standard deviations above the mean, for z of 0 and more, to 1e-15 (Hart et al. 1968, Computer
  Approximations, function 5666, in the form of West 2005, Better Approximations to Cumulative Normal Functions).

  Why: engines have no distribution, but all have exp. Beyond 7.07 a continued fraction takes over, and beyond 37 nothing is left.
  Example: {{ normal_tail('z') }}   0 -> 0.5, 1.959963984540054 -> 0.025
#}
{% macro normal_tail(z) -%}
{%- set above = ['3.52624965998911e-2', '7.00383064443688e-1', '6.37396220353165e0', '3.3912866078383e1', '1.12079291497871e2',
    '2.21213596169931e2', '2.20206867912376e2'] -%}
{%- set below = ['8.83883476483184e-2', '1.75566716318264e0', '1.6064177579207e1', '8.67807322029461e1', '2.96564248779674e2',
    '6.37333633378831e2', '7.93826512519948e2', '4.40413735824752e2'] -%}
case
    when {{ z }} < 7.07106781186547e0
        then exp(-({{ z }}) * ({{ z }}) / 2) * ({{ polynomial(above, z) }}) / ({{ polynomial(below, z) }})
    when {{ z }} < 37
        then exp(-({{ z }}) * ({{ z }}) / 2) / 2.506628274631e0
            / ({{ z }} + 1 / ({{ z }} + 2 / ({{ z }} + 3 / ({{ z }} + 4 / ({{ z }} + 6.5e-1)))))
    when {{ z }} is not null then 0e0
end
{%- endmacro %}


{# A polynomial by Horner's rule, from the highest power down. #}
{% macro polynomial(coefficients, x) -%}
{%- set parts = [coefficients[0]] -%}
{%- for coefficient in coefficients[1:] -%}
    {%- do parts.append('(' ~ parts[-1] ~ ') * (' ~ x ~ ') + ' ~ coefficient) -%}
{%- endfor -%}
{{ parts[-1] }}
{%- endmacro %}

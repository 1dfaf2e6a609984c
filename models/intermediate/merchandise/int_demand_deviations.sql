-- By how many square roots of the forecast what came was more than forecast: for each level, number of weeks and share of
-- the cases that keep within it, by the size of the series in units a week.
select
    feature,
    knot as size_from,
    coalesce(lead(knot) over (partition by feature order by knot nulls last, parameter nulls last), 1e300) as size_to,
    value as deviation
from {{ ref('int_current_parameters') }}
where model = 'demand'
    and knot is not null

-- What was sold in each stretch of days.
select frames.period, frames.frame, cells.* exclude (starts_on, ends_on)
from frames
inner join sold_in('stretch') as cells using (starts_on, ends_on)
where frames.is_known
order by all

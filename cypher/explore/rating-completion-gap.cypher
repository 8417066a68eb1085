// purpose: dramas that are rated better than they are finished (gap above 0), or finished more than they are liked (below 0)
// params:  {"minRatings": 10, "first": 10}
// returns: drama, ratings, rating (mean), viewers, finishedShare (90 % seen), gap (standard score of the rating less that of the share)
MATCH (d:Drama)<-[r:RATED]-(:User)
WHERE d.title IS NOT NULL
WITH d, count(*) AS ratings, avg(r.rating) AS rating
WHERE ratings >= $minRatings
MATCH (d)<-[w:WATCHED]-(:User)
WITH d, ratings, rating, count(*) AS viewers, avg(CASE WHEN w.progress >= 0.9 THEN 1.0 ELSE 0.0 END) AS share
WITH collect({drama: d, ratings: ratings, rating: rating, viewers: viewers, share: share}) AS dramas,
     avg(rating) AS meanRating, stDevP(rating) AS spreadRating, avg(share) AS meanShare, stDevP(share) AS spreadShare
WHERE spreadRating > 0 AND spreadShare > 0
UNWIND dramas AS one
WITH one, one.drama AS d, (one.rating - meanRating) / spreadRating - (one.share - meanShare) / spreadShare AS gap
RETURN d.title AS drama, one.ratings AS ratings, one.rating AS rating, one.viewers AS viewers, one.share AS finishedShare, gap
ORDER BY abs(gap) DESC, d.id
LIMIT $first

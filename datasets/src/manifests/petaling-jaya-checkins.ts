import type { Manifest } from './manifest.js';

export const petalingJayaCheckins: Manifest = {
  name: 'petaling-jaya-checkins',
  title: 'Context Trails, Petaling Jaya: check-ins with weather',
  homepage: 'https://github.com/pablosanchezp/ContextTrailsData',
  license: 'See the terms on the homepage; cite the paper that it names.',
  packaging:
    'Checksums are of a copy without the latest check-ins: checkins.csv.gz (trail_id, user_id, venue_id, timestamp, temp, precip, ' +
    'windspeed, preciptype, conditions) and places.csv.gz, in which -1 stands for what is not known.',
  files: [
    { name: 'checkins.csv.gz', sha256: 'af93ae0687153996574a2f5f5d782431bd534408e33039e483689f605dafbb04' },
    { name: 'places.csv.gz', sha256: '29d6941c23aaaa14c141ea0575e608015698be6f09b868a3fe2709d52762ac53' },
  ],
  interactions: {
    file: 'checkins.csv.gz',
    columns: { user: 'user_id', item: 'venue_id', time: 'timestamp' },
    moment: {
      temperature: 'temp',
      precipitation: 'precip',
      wind: 'windspeed',
      conditions: 'conditions',
    },
  },
  catalog: {
    file: 'places.csv.gz',
    columns: {
      id: 'fsq_id',
      title: 'category',
      latitude: 'latitude',
      longitude: 'longitude',
      category: 'category',
      group: 'category_lvlFs',
      price: 'price',
      rating: 'rating',
      weekdayEarly: 'Weekday_EarlyMorning',
      weekdayMorning: 'Weekday_Morning',
      weekdayAfternoon: 'Weekday_Afternoon',
      weekdayNight: 'Weekday_Night',
      weekendEarly: 'Weekend_EarlyMorning',
      weekendMorning: 'Weekend_Morning',
      weekendAfternoon: 'Weekend_Afternoon',
      weekendNight: 'Weekend_Night',
    },
  },
  protocol:
    'Split by time; each check-in is asked for after those before it. All places are ranked, those visited before removed (first ' +
    'visits), or none removed (any next place). HR@10, NDCG@10, Recall@20.',
};

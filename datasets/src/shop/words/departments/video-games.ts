import { accessory, base, plain, series, type Department } from '../department.js';

export const videoGames: Department = {
  name: 'Video Games',
  shelves: [
    base(
      'Consoles',
      'Console, Handheld Console, Console Bundle',
      'loading time, controller, setup, cooling, picture',
      180,
      560,
    ),
    accessory(
      'Controllers',
      'Controller, Headset, Charging Dock, Racing Wheel, Carry Case',
      'grip, battery life, cable, button feel, build',
      15,
      160,
    ),
    series(
      'Games',
      'Game, Adventure Game, Strategy Game, Racing Game',
      'story, soundtrack, pacing, difficulty, artwork',
      15,
      70,
    ),
    plain(
      'Figures',
      'Figure, Plush Toy, Display Stand, Desk Mat',
      'paint, sculpt, packaging, size, finish',
      8,
      90,
    ),
  ],
  brands: ['Pluckwood', 'Brightpixel', 'Hexaplay', 'Tallgate', 'Novarune', 'Kingsmark'],
  systems: ['Orbit 5', 'Nimbus X', 'Pixelbox', 'Vanta Go'],
  topics: ['Starfall', 'Dungeon', 'Turbo', 'Kingdom', 'Mech', 'Harvest'],
};

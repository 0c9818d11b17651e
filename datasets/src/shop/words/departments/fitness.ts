import { accessory, base, plain, series, type Department } from '../department.js';

export const fitness: Department = {
  name: 'Fitness',
  shelves: [
    base(
      'Smart Watches',
      'Smart Watch, Running Watch, Fitness Tracker',
      'tracking, display, battery life, app, comfort',
      60,
      650,
    ),
    accessory(
      'Watch Bands',
      'Watch Band, Screen Guard, Charger, Chest Strap, Bike Mount',
      'clasp, material, fit, texture, durability',
      7,
      90,
    ),
    series(
      'Workout Programs',
      'Workout Program, Training Plan, Yoga Program',
      'coaching, variety, warm-up, music, progression',
      10,
      50,
    ),
    plain(
      'Running Shoes',
      'Running Shoe, Trail Shoe, Gym Shoe, Running Belt',
      'cushioning, sole, fit, lacing, grip',
      25,
      220,
    ),
  ],
  brands: ['Trotwell', 'Pacer', 'Quickfoot', 'Meridian', 'Stridelab', 'Olympe'],
  systems: ['Pulse 4', 'Tempo GT', 'Circuit', 'Vigor S'],
  topics: ['Marathon', 'Strength', 'Mobility', 'Sprint', 'Balance', 'Triathlon'],
};

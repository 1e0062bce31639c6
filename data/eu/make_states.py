#!/usr/bin/python3
"""Writes states.csv: population and GDP of the members of the Council, by year, from a table of the World Bank's figures with
the columns iso3, year, gdp_current_usd, population.

    data/eu/make_states.py FIGURES.csv > data/eu/states.csv
"""
import csv
import sys

MEMBERS = {"AUT": "Austria", "BEL": "Belgium", "BGR": "Bulgaria", "HRV": "Croatia", "CYP": "Cyprus", "CZE": "Czech Republic",
           "DNK": "Denmark", "EST": "Estonia", "FIN": "Finland", "FRA": "France", "DEU": "Germany", "GRC": "Greece",
           "HUN": "Hungary", "IRL": "Ireland", "ITA": "Italy", "LVA": "Latvia", "LTU": "Lithuania", "LUX": "Luxembourg",
           "MLT": "Malta", "NLD": "Netherlands", "POL": "Poland", "PRT": "Portugal", "ROU": "Romania", "SVK": "Slovakia",
           "SVN": "Slovenia", "ESP": "Spain", "SWE": "Sweden", "GBR": "United Kingdom"}
YEARS = range(1995, 2020)  # the decisions fall between 1996 and 2019

out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["country", "year", "population", "gdp"])
with open(sys.argv[1], encoding="utf-8") as file:
    for row in csv.DictReader(file):
        if row["iso3"] in MEMBERS and int(row["year"]) in YEARS:
            out.writerow([MEMBERS[row["iso3"]], row["year"], row["population"], row["gdp_current_usd"]])

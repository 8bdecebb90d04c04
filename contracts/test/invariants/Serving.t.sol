// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry } from "../../src/interfaces/ICopyRegistry.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { Vm } from "../helpers/Vm.sol";
import { Hosts } from "./Hosts.sol";

/// @notice Invariants of serving under random calls (numbers shared with Court.t.sol):
///
///  1. Money paid in equals money claimable plus money paid out. Each contract holds exactly the amounts it owes.
///  2. No collateral leaves while an offence of its time can still be proven.
///  3. A host is slashed only with a signature of its own operator key.
///  4. An offence is slashed at most once, and every standing offence can be punished.
///  5. The fields fixed by an order never change.
///  7. Every account gets out of every state, even if others never act, and no money stays behind.
contract ServingInvariants {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    Hosts private hosts;

    function setUp() public {
        hosts = new Hosts();
        hosts.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(hosts);
    }

    function excludeSelectors() public view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (Hosts.windDown.selector, bytes4(keccak256("setUp()")));
        excluded[0] = FuzzSelector(address(hosts), selectors);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function invariant_serving() public view {
        vm.assertEq(hosts.broken(), "", "2, 3, 4");
        (address registryAt, address ledgerAt, address courtAt, address mintersAt, address treasuryAt) =
            hosts.deployed();
        (uint256 inRegistry, uint256 inLedger) = (0, 0);
        for (uint256 i = 1; i <= hosts.copyCount(); ++i) {
            CopyId id = CopyId.wrap(i);
            (uint256 held, uint256 escrow) = hosts.held(id);
            (inRegistry, inLedger) = (inRegistry + held, inLedger + escrow);
            vm.assertEq(
                hosts.ordered(id), fixedAtOrder(ICopyRegistry(registryAt).copies(id)), "5. the order is unchanged"
            );
        }
        vm.assertEq(hosts.balanceOf(registryAt), inRegistry, "1. prices, fees and collateral");
        vm.assertEq(hosts.balanceOf(ledgerAt), inLedger, "1. escrow");
        vm.assertEq(hosts.balanceOf(courtAt), hosts.openBonds(), "1. bonds of challengers");
        vm.assertEq(hosts.balanceOf(mintersAt), hosts.bondOfMinter(), "1. bonds of minters");
        vm.assertEq(hosts.balanceOf(treasuryAt), hosts.owed(), "1. what the treasury owes");
    }

    function afterInvariant() public {
        hosts.windDown();
        (address registryAt, address ledgerAt, address courtAt, address mintersAt,) = hosts.deployed();
        vm.assertEq(hosts.balanceOf(registryAt), 0, "7. no collateral is left");
        vm.assertEq(hosts.balanceOf(ledgerAt), 0, "7. no escrow is left");
        vm.assertEq(hosts.balanceOf(courtAt), 0, "7. no challenger's bond is left");
        vm.assertEq(hosts.balanceOf(mintersAt), 0, "7. no minter's bond is left");
    }
}

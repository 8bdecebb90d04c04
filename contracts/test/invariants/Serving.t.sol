// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICopyRegistry } from "../../src/interfaces/ICopyRegistry.sol";
import { CopyId } from "../../src/lib/Types.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { Vm } from "../helpers/Vm.sol";
import { Deployed, Hosts } from "./Hosts.sol";

/// @notice Invariants of serving under random calls (numbers shared with Court.t.sol):
///
///  1. Money paid in equals money claimable plus money paid out. Each contract holds exactly the amounts it owes.
///  2. No collateral leaves while an offence of its time can still be proven.
///  3. A host is slashed only with a signature of its own operator key.
///  4. An offence is slashed at most once, and every standing offence can be punished.
///  5. The fields fixed by an order never change.
///  7. Every account gets out of every state, even if others never act, and no money stays behind.
/// 12. The settled units of a copy never exceed its reported units, and no units release no money.
/// 13. No offence is provable later than the money behind it leaves (with 2).
/// 14. A change of parameters makes nobody late for an epoch that had begun.
/// 16. No two contracts' books count the same unit: each holds its own, and settled units are counted once.
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
        Deployed memory at_ = hosts.deployed();
        (uint256 inRegistry, uint256 inLedger) = (0, 0);
        for (uint256 i = 1; i <= hosts.copyCount(); ++i) {
            CopyId id = CopyId.wrap(i);
            (uint256 held, uint256 escrow) = hosts.held(id);
            (inRegistry, inLedger) = (inRegistry + held, inLedger + escrow);
            (uint256 settled, uint256 byUsers, uint256 reported) = hosts.unitsOf(id);
            vm.assertLe(settled, reported, "12. settled and reported units");
            vm.assertEq(settled, byUsers, "16. settled units");
            vm.assertEq(
                hosts.ordered(id), fixedAtOrder(ICopyRegistry(at_.copies).copies(id)), "5. the order is unchanged"
            );
        }
        vm.assertEq(hosts.balanceOf(at_.copies), inRegistry, "1. prices, fees and collateral");
        vm.assertEq(hosts.balanceOf(at_.ledger), inLedger, "1. escrow");
        vm.assertEq(hosts.balanceOf(at_.court), hosts.openBonds(), "1. bonds of challengers");
        vm.assertEq(hosts.balanceOf(at_.minters), hosts.bondOfMinter(), "1. bonds of minters");
        vm.assertEq(hosts.balanceOf(at_.treasury), hosts.owed(), "1. what the treasury owes");
        vm.assertEq(hosts.balanceOf(at_.users), hosts.heldForUsers(), "1, 16. what the user ledger owes");
        vm.assertTrue(hosts.keepsDeadlines(), "14. deadlines of epochs");
    }

    function afterInvariant() public {
        hosts.windDown();
        Deployed memory at_ = hosts.deployed();
        vm.assertEq(hosts.balanceOf(at_.users), 0, "7. no reservation is left");
        vm.assertEq(hosts.balanceOf(at_.copies), 0, "7. no collateral is left");
        vm.assertEq(hosts.balanceOf(at_.ledger), 0, "7. no escrow is left");
        vm.assertEq(hosts.balanceOf(at_.court), 0, "7. no challenger's bond is left");
        vm.assertEq(hosts.balanceOf(at_.minters), 0, "7. no minter's bond is left");
    }
}
